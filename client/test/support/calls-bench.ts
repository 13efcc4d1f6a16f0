/** The calls of one page, over rooms that do only what a test says. */
import { RelayError } from '@relay/protocol';
import type { VaultClient } from '../../src/crypto/spawn.ts';
import type { Line } from '../../src/media/media.ts';
import type { Book, Entry } from '../../src/state/book.ts';
import { CallDesk } from '../../src/state/calls/desk.ts';
import type { CallsParts } from '../../src/state/calls/parts.ts';
import type {
  CallRoom,
  MemberView,
  OwnState,
  PageView,
  RoomOptions,
  RoomSnapshot,
} from '../../src/state/calls/room/room.ts';
import type { Contact, Settings } from '../../src/state/model.ts';
import type { RoomTransport } from '../../src/transport/rooms.ts';
import { FakeMedia } from './call-media.ts';
import { RoomClock } from './room-clock.ts';

/** Key hash of the member of a number. */
export const idOf = (number: number): string => `${number}`.padStart(64, '0');

/** A member on the list of a call. */
export const listed = (number: number, change: Partial<MemberView> = {}): MemberView => ({
  member: idOf(number),
  addedBy: undefined,
  wasIn: false,
  hasDeclined: false,
  ...change,
});

/** A page of a member as the room shows it; member 1 is this one. */
export const pageOf = (number: number, change: Partial<PageView> = {}): PageView => ({
  member: idOf(number),
  page: `page ${number}`,
  own: number === 1,
  at: 'in',
  muted: false,
  deafened: false,
  camera: false,
  screen: false,
  isSeated: true,
  connection: 'connected',
  streams: {},
  fault: undefined,
  report: undefined,
  ...change,
});

/** A room that tells what a test has it tell, and keeps what is asked of it. */
export class FakeRoom {
  readonly options: RoomOptions;
  readonly tracks = new Map<Line, MediaStreamTrack | undefined>();
  /** What was asked of it, in order. */
  readonly asked: string[] = [];
  own: OwnState | undefined;
  snapshot: RoomSnapshot;
  /** Fulfilled when leaving it ends. */
  leaving: Promise<void> = Promise.resolve();

  constructor(options: RoomOptions) {
    this.options = options;
    this.snapshot = {
      id: undefined,
      page: 'own page',
      at: 'watching',
      isSeated: true,
      fault: undefined,
      pages: [],
      members: options.members.map((member) => ({ ...listed(0), member })),
      age: undefined,
      rings: false,
      was: undefined,
    };
  }

  /** Something of what is known changes. */
  tell(change: Partial<RoomSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    this.options.events.changed(this.snapshot);
  }

  enter(own: OwnState, takes: readonly string[] = []): void {
    this.asked.push(`enter ${takes.join()}`.trim());
    this.own = own;
    this.tell({ at: 'in' });
  }

  setOwn(own: Partial<OwnState>): void {
    if (this.own !== undefined) this.own = { ...this.own, ...own };
  }

  setTracks(line: Line, track: MediaStreamTrack | undefined): void {
    this.tracks.set(line, track);
  }

  add(members: readonly string[], addedBy = this.options.self): void {
    const known = new Set(this.snapshot.members.map(({ member }) => member));
    const more = members.filter((member) => !known.has(member));
    this.tell({
      members: [...this.snapshot.members, ...more.map((member) => ({ ...listed(0), member, addedBy }))],
    });
  }

  async leave(): Promise<void> {
    this.asked.push('leave');
    await this.leaving;
  }

  decline(): void {
    this.asked.push('decline');
    this.tell({ at: 'declined' });
  }

  busy(): void {
    this.asked.push('busy');
    this.tell({ at: 'busy' });
  }

  watch(): void {}
  setServers(): void {}
  networkChanged(): void {}
  stop(): void {
    this.asked.push('stop');
  }
}

const contactOf = (id: string): Contact =>
  ({ id, number: Number(id), name: `Member ${Number(id)}`, isSelf: id === idOf(1) }) as Contact;

/** See above. This page is of member 1, who has a direct conversation with each of three others. */
export class CallsBench {
  readonly clock = new RoomClock();
  readonly media = new FakeMedia();
  readonly rooms: FakeRoom[] = [];
  /** Records that were sent: conversation and kind. */
  readonly posted: string[] = [];
  readonly notices: string[] = [];
  readonly entries = new Map<string, Entry>();
  /** Why nothing can be sent, or no room opened. */
  postFault: RelayError | undefined;
  vaultFault: RelayError | undefined;
  /** Of the member; another window may change them. */
  #settings = {
    pushToTalk: false,
    echoCancellation: true,
    noiseSuppression: true,
    directCalls: false,
  } as Settings;
  readonly desk: CallDesk;

  constructor(options: { isReload?: boolean } = {}) {
    for (const number of [2, 3, 4]) this.entries.set(`with ${number}`, entryOf(number));
    this.desk = new CallDesk(this.#parts(options.isReload ?? false));
  }

  get calls() {
    return this.desk.calls;
  }

  /** The room that was made last. */
  get room(): FakeRoom {
    const room = this.rooms.at(-1);
    if (room === undefined) throw new Error('no room was made');
    return room;
  }

  /** The id of the only call that is known. */
  get callId(): string {
    return this.calls.known[0]?.id ?? '';
  }

  /** What captures now. */
  get open(): string[] {
    return this.media.open.map(({ what }) => what);
  }

  /** Calls others, through the lobby. */
  async call(numbers: number[], camera = false) {
    await this.desk.prepareCall({ members: numbers.map(idOf) }, camera);
    return this.desk.enterCall();
  }

  /** The member chooses something, in this window or another one. */
  set(change: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...change };
    this.desk.settingsChanged();
  }

  /** An invitation comes from a member, to these. */
  async invited(from: number, secret: Uint8Array, ...numbers: number[]): Promise<void> {
    const members = [from, ...numbers].map(idOf);
    const until = this.clock.now() + 3_600_000;
    const invitation = {
      secret,
      members,
      camera: false,
      until,
      from: idOf(from),
      conversations: [`with ${from}`],
    };
    const record = { author: idOf(from) } as Parameters<CallDesk['calls']['heard']>[0];
    await this.calls.heard(record, invitation, () => false);
  }

  #parts(isReload: boolean): CallsParts {
    const { clock, media, rooms } = this;
    const book = {
      self: idOf(1),
      entries: this.entries,
      contactOf,
      directWith: (member: string) => this.entries.get(`with ${Number(member)}`),
      recipientsOf: ({ peer }: Entry) => (peer === undefined ? [] : [peer]),
    };
    const vault = {
      openRoom: async (secret: Uint8Array) => {
        if (this.vaultFault !== undefined) throw this.vaultFault;
        return { handle: 1, id: `${secret[0]}`.padStart(64, 'a') };
      },
      closeRoom: async () => {},
    };
    return {
      vault: vault as unknown as VaultClient,
      transport: {} as RoomTransport,
      media,
      Room: class extends FakeRoom {
        constructor(options: RoomOptions) {
          super(options);
          rooms.push(this);
        }
      } as unknown as new (
        options: RoomOptions,
      ) => CallRoom,
      book: book as unknown as Book,
      poster: {
        post: async ({ history }: Entry, { kind }: { kind: string }) => {
          if (this.postFault !== undefined) throw this.postFault;
          this.posted.push(`${kind} in ${history.id}`);
        },
      } as unknown as CallsParts['poster'],
      fetchCredentials: async () => {
        throw new RelayError('turn_unavailable');
      },
      settings: () => this.#settings,
      now: clock.now,
      after: clock.after,
      inTurn: (work) => work(),
      isReload,
      notice: ({ code }) => this.notices.push(code),
      changed() {},
      itemsChanged() {},
    };
  }
}

function entryOf(number: number): Entry {
  const history = { id: `with ${number}`, isHungUp: () => false };
  return { kind: 'direct', peer: idOf(number), history } as unknown as Entry;
}
