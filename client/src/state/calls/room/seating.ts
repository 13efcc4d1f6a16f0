/** Keeps an own seat in the room: takes one whenever a socket stands, and a fresh one after each loss. */
import type { ErrorCode, SignalBody } from '@relay/protocol';
import { isRelayError } from '@relay/protocol';
import { asFault } from '../../fault.ts';
import type { Fault } from '../../model.ts';
import type { After } from '../../timer.ts';
import type { Numbered } from './flow.ts';
import type { RoomTransport, RoomVault } from './room-types.ts';
import type { Seated } from './sitting.ts';
import { Sitting } from './sitting.ts';

const AGAIN_MS = 1_000;
const MAX_AGAIN_MS = 15_000;

/** What the seating tells. */
export interface SeatingEvents {
  /** A seat was taken; nobody is known there yet. */
  joined(): void;
  /** The own seat is gone, and with it all that is known of others' seats. */
  lost(): void;
  seated(seated: Seated): void;
  unseated(seated: Seated): void;
  signal(seated: Seated, signal: Numbered, isCurrent: boolean): void;
  refused(code: ErrorCode, member: string | undefined): void;
  failed(seated: Seated, error: unknown): void;
  /** Its fault or its id is another one. */
  changed(): void;
}

/** What the seating is made of. */
export interface SeatingOptions {
  vault: RoomVault;
  transport: RoomTransport;
  secret: Uint8Array;
  after: After;
  members: () => readonly string[];
  /** What this page tells a member of itself. */
  state: (member: string) => SignalBody<'state'>;
  events: SeatingEvents;
}

/** See above. */
export class Seating {
  readonly #options: SeatingOptions;
  readonly #former = new Set<string>();
  #room: { handle: number; id: string } | undefined;
  #sitting: Sitting | undefined;
  #unlisten: (() => void) | undefined;
  #cancelAgain: (() => void) | undefined;
  #againMs = AGAIN_MS;
  #fault: Fault | undefined;
  #isStopped = false;

  constructor(options: SeatingOptions) {
    this.#options = options;
  }

  /** The room's id, once it was derived. */
  get id(): string | undefined {
    return this.#room?.id;
  }

  /** Own seat; undefined while there is none. */
  get seat(): string | undefined {
    return this.#sitting?.seat;
  }

  /** Why there is none. */
  get fault(): Fault | undefined {
    return this.#fault;
  }

  /** Others whose owner is known. */
  get seated(): Seated[] {
    return this.#sitting?.seated ?? [];
  }

  /** Begins. */
  async start(): Promise<void> {
    const { vault, transport, secret, events } = this.#options;
    try {
      const room = await vault.openRoom(secret);
      if (this.#isStopped) {
        await vault.closeRoom(room.handle);
        return;
      }
      this.#room = room;
    } catch (error) {
      this.#setFault(asFault(error));
      return;
    }
    events.changed();
    this.#unlisten = transport.listen({
      online: () => this.#sit(),
      offline: () => this.#lose(),
      arrived: (own, seat) => this.#sitting?.arrived(own, seat),
      left: (own, seat) => this.#sitting?.left(own, seat),
      signal: (from, to, box) => this.#sitting?.signal(from, to, box),
    });
    if (transport.isOnline) this.#sit();
  }

  /** More members are listed. */
  listed(): void {
    this.#sitting?.listed();
  }

  /** Tells everybody how this page stands. */
  tellAll(): void {
    for (const { flow } of this.seated) flow.sendState();
  }

  /** Gives the seat up and forgets the room. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#unlisten?.();
    this.#cancelAgain?.();
    this.#sitting?.stop(true);
    this.#sitting = undefined;
    // A vault that was closed has no rooms any more.
    if (this.#room !== undefined) void this.#options.vault.closeRoom(this.#room.handle).catch(() => {});
  }

  #sit(): void {
    this.#lose();
    if (this.#room === undefined || this.#isStopped) return;
    const { vault, transport, after, members, state, events } = this.#options;
    const sitting = new Sitting({
      vault,
      transport,
      after,
      members,
      state,
      handle: this.#room.handle,
      former: this.#former,
      events: { ...events, lost: () => this.#sit() },
    });
    this.#sitting = sitting;
    void this.#join(sitting);
  }

  async #join(sitting: Sitting): Promise<void> {
    try {
      if (!(await sitting.join()) || sitting !== this.#sitting) return;
      this.#againMs = AGAIN_MS;
      this.#setFault(undefined);
      this.#options.events.joined();
    } catch (error) {
      if (sitting === this.#sitting) this.#sitAgainLater(error);
    }
  }

  #sitAgainLater(error: unknown): void {
    this.#lose();
    // Without a socket there is nothing to do until one stands.
    if (!this.#options.transport.isOnline) return;
    if (!isRelayError(error, 'relay_unreachable')) this.#setFault(asFault(error));
    const told = isRelayError(error) ? (error.retryAfter ?? 0) * 1_000 : 0;
    this.#cancelAgain = this.#options.after(Math.max(told, this.#againMs), () => this.#sit());
    this.#againMs = Math.min(2 * this.#againMs, MAX_AGAIN_MS);
  }

  #lose(): void {
    this.#cancelAgain?.();
    this.#cancelAgain = undefined;
    const sitting = this.#sitting;
    if (sitting === undefined) return;
    this.#sitting = undefined;
    if (sitting.claimed !== undefined) this.#former.add(sitting.claimed);
    const had = sitting.seat !== undefined;
    sitting.stop(true);
    if (had) this.#options.events.lost();
  }

  #setFault(fault: Fault | undefined): void {
    if (this.#isStopped || fault?.code === this.#fault?.code) return;
    this.#fault = fault;
    this.#options.events.changed();
  }
}
