/** One stay in a room: an own seat on one socket, and whoever else sits there meanwhile. It ends with the socket. */
import type { ErrorCode, SignalBody } from '@relay/protocol';
import { MAX_SEATS } from '@relay/protocol';
import type { After } from '../../timer.ts';
import type { Numbered } from './flow.ts';
import { Flow } from './flow.ts';
import type { RoomTransport, RoomVault } from './room-types.ts';

/** Signals that are kept of a seat whose owner is still looked up. */
const MAX_INBOX = 64;
/** Somebody may arrive just before the word that they were added. */
const STRANGER_MS = 5_000;

/** Another seat whose owner is known. */
export interface Seated {
  readonly seat: string;
  readonly member: string;
  readonly flow: Flow;
  /** Grows with each arrival: of two seats of one page the later one counts. */
  readonly order: number;
}

/** What a sitting tells. */
export interface SittingEvents {
  /** A listed member sits there; nothing is known of the page but whose it says it is. */
  seated(seated: Seated): void;
  unseated(seated: Seated): void;
  signal(seated: Seated, signal: Numbered, isCurrent: boolean): void;
  refused(code: ErrorCode, member: string | undefined): void;
  failed(seated: Seated, error: unknown): void;
  /** The own seat is gone, though the socket stands. */
  lost(): void;
}

/** What a sitting is made of. */
export interface SittingOptions {
  vault: RoomVault;
  transport: RoomTransport;
  handle: number;
  after: After;
  members: () => readonly string[];
  /** What this page tells a member of itself. */
  state: (member: string) => SignalBody<'state'>;
  /** Earlier own seats, which the relay may take for others' for a while. */
  former: ReadonlySet<string>;
  events: SittingEvents;
}

interface Place {
  seat: string;
  order: number;
  owner: 'unknown' | 'stranger' | Seated;
  inbox: Uint8Array[];
}

/** See above. */
export class Sitting {
  readonly #options: SittingOptions;
  readonly #places = new Map<string, Place>();
  readonly #gone = new Set<string>();
  #seat: string | undefined;
  #hasJoined = false;
  #isStopped = false;
  #isLooking = false;
  /** Whoever arrives comes after all that were there. */
  #arrivals = MAX_SEATS;
  #cancelStranger: (() => void) | undefined;
  readonly #reported = new Set<string>();

  constructor(options: SittingOptions) {
    this.#options = options;
  }

  /** Own seat, once it is taken. */
  get seat(): string | undefined {
    return this.#hasJoined ? this.#seat : undefined;
  }

  /** Own seat, also while it is being taken. */
  get claimed(): string | undefined {
    return this.#seat;
  }

  /** Others whose owner is known. */
  get seated(): Seated[] {
    return [...this.#places.values()].flatMap(({ owner }) => (typeof owner === 'string' ? [] : [owner]));
  }

  /**
   * Takes a seat.
   * @returns false when it was stopped meanwhile
   * @throws RelayError what the relay says; whatever the vault throws
   */
  async join(): Promise<boolean> {
    const { vault, transport, handle } = this.#options;
    const { seat } = await vault.makeSeat(handle);
    if (this.#isStopped) return false;
    this.#seat = seat;
    const seats = await transport.join(seat, (origin, nonce) => vault.proveSeat(handle, origin, nonce, seat));
    if (this.#isStopped) {
      transport.leave(seat);
      return false;
    }
    this.#hasJoined = true;
    for (const [at, one] of seats.slice(0, MAX_SEATS).entries()) {
      const place = this.#place(one, at);
      if (place !== undefined) place.order = at;
    }
    void this.#lookUp();
    return true;
  }

  /** The relay says that somebody has arrived. */
  arrived(own: string, seat: string): void {
    if (own === this.#seat && this.#place(seat, this.#arrivals++) !== undefined) void this.#lookUp();
  }

  /** The relay says that a seat is empty. */
  left(own: string, seat: string): void {
    if (own !== this.#seat || this.#isStopped) return;
    if (seat === own) {
      this.#options.events.lost();
      return;
    }
    const owner = this.#places.get(seat)?.owner;
    const flow = typeof owner === 'object' ? owner.flow : undefined;
    if (!flow?.isOpening) this.#remove(seat);
    // Its last word, a goodbye perhaps, is here and not opened yet.
    else void flow.opened().then(() => !this.#isStopped && this.#remove(seat));
  }

  /** The relay brings a signal. */
  signal(from: string, to: string, box: Uint8Array): void {
    if (to !== this.#seat) return;
    const place = this.#place(from, this.#arrivals++);
    if (place === undefined || place.owner === 'stranger') return;
    if (place.owner !== 'unknown') place.owner.flow.receive(box);
    else if (place.inbox.length < MAX_INBOX) place.inbox.push(box);
    void this.#lookUp();
  }

  /** More members are listed: strangers may be among them. */
  listed(): void {
    for (const place of this.#places.values()) if (place.owner === 'stranger') place.owner = 'unknown';
    void this.#lookUp();
  }

  /** Ends it, as the socket did; with `leave` the relay is told. */
  stop(leave: boolean): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#cancelStranger?.();
    for (const { flow } of this.seated) flow.stop();
    this.#places.clear();
    // Also while it is not known whether the seat was taken: a seat that nobody sits in would be waited for.
    if (leave && this.#seat !== undefined) this.#options.transport.leave(this.#seat);
  }

  /** @returns undefined for a seat that is not to be followed */
  #place(seat: string, order: number): Place | undefined {
    const known = this.#places.get(seat);
    if (known !== undefined) return known;
    const isOwn = seat === this.#seat || this.#options.former.has(seat);
    if (this.#isStopped || isOwn || this.#gone.has(seat) || this.#places.size >= MAX_SEATS) return undefined;
    const place: Place = { seat, order, owner: 'unknown', inbox: [] };
    this.#places.set(seat, place);
    return place;
  }

  #remove(seat: string): void {
    const place = this.#places.get(seat);
    if (this.#gone.size < 16 * MAX_SEATS) this.#gone.add(seat);
    if (place === undefined) return;
    this.#places.delete(seat);
    if (place.owner === 'stranger') this.#report(seat);
    if (typeof place.owner === 'string') return;
    place.owner.flow.stop();
    this.#options.events.unseated(place.owner);
  }

  /** Finds out whose the seats are that nobody has looked at; all at once, since many arrive together. */
  async #lookUp(): Promise<void> {
    if (this.#isLooking || !this.#hasJoined) return;
    this.#isLooking = true;
    try {
      for (let open = this.#open(); open.length > 0 && !this.#isStopped; open = this.#open()) {
        const { vault, handle } = this.#options;
        const members = this.#options.members();
        const seats = open.map(({ seat }) => seat);
        const owners = await vault.ownersOfSeats(handle, members, seats);
        if (this.#isStopped) return;
        const isStale = members.length !== this.#options.members().length;
        for (const [at, place] of open.entries()) this.#found(place, owners[at], isStale);
      }
    } catch {
      // The vault was closed: the room ends as well.
    } finally {
      this.#isLooking = false;
    }
  }

  #open(): Place[] {
    const open = [...this.#places.values()].filter(({ owner }) => owner === 'unknown');
    return open.sort((a, b) => a.order - b.order);
  }

  /** @param isStale the list grew while it was looked up */
  #found(place: Place, member: string | undefined, isStale: boolean): void {
    if (this.#places.get(place.seat) !== place) return;
    if (member === undefined) {
      if (!isStale) this.#estrange(place);
      return;
    }
    const { seat, order } = place;
    const seated: Seated = { seat, member, order, flow: this.#flow(() => seated) };
    place.owner = seated;
    this.#options.events.seated(seated);
    for (const box of place.inbox.splice(0)) seated.flow.receive(box);
  }

  #flow(seated: () => Seated): Flow {
    const { vault, transport, handle, after, state, events } = this.#options;
    const own = this.#seat ?? '';
    return new Flow({
      after,
      state: () => state(seated().member),
      seal: (signal) => vault.sealSignal(handle, seated().member, own, seated().seat, signal),
      open: (box) => vault.openSignal(handle, seated().member, seated().seat, own, box),
      send: (box) => transport.signal(own, seated().seat, box),
      deliver: (signal, isCurrent) => events.signal(seated(), signal, isCurrent),
      refused: (code) => events.refused(code, seated().member),
      failed: (error) => events.failed(seated(), error),
      gone: () => this.#remove(seated().seat),
    });
  }

  #estrange(place: Place): void {
    place.owner = 'stranger';
    place.inbox = [];
    this.#cancelStranger ??= this.#options.after(STRANGER_MS, () => {
      this.#cancelStranger = undefined;
      for (const { seat, owner } of this.#places.values()) if (owner === 'stranger') this.#report(seat);
    });
  }

  #report(seat: string): void {
    if (this.#reported.has(seat)) return;
    this.#reported.add(seat);
    this.#options.events.refused('signal_unlisted', undefined);
  }
}
