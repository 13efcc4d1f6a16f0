/** Pages of several members in one call, with everything around them made up. */
import type { ErrorCode } from '@relay/protocol';
import { expect } from 'vitest';
import type { OwnState, RoomSnapshot } from '../../src/state/calls/room/room.ts';
import { CallRoom } from '../../src/state/calls/room/room.ts';
import { RoomClock } from './room-clock.ts';
import { MediaWorld } from './room-media.ts';
import type { RoomSocket } from './room-relay.ts';
import { chanceOf, RoomRelay } from './room-relay.ts';
import { FakeRoomVault, memberName, SealedSignals } from './room-vault.ts';

/** As in a voice call. */
export const VOICE: OwnState = { muted: false, deafened: false, camera: false, screen: false };

/** One page. */
export interface TestPage {
  member: string;
  room: CallRoom;
  socket: RoomSocket;
  vault: FakeRoomVault;
  snapshots: RoomSnapshot[];
  refusals: { code: ErrorCode; member: string | undefined }[];
  moved: number;
  over: number;
}

/** See above. */
export class RoomWorld {
  readonly clock = new RoomClock();
  readonly relay: RoomRelay;
  readonly media: MediaWorld;
  readonly signals = new SealedSignals();
  readonly members: string[];
  readonly pages: TestPage[] = [];
  readonly #chance: () => number;
  /** How credentials are had. */
  servers: () => Promise<{ urls: string[]; username: string; credential: string }[]> = async () => [
    { urls: ['turn:turn.example'], username: `user ${this.clock.now()}`, credential: 'secret' },
  ];

  /** @param members of the list of the call */
  constructor(members: number, seed = 1) {
    this.#chance = chanceOf(seed);
    this.relay = new RoomRelay(this.clock, this.#chance);
    this.media = new MediaWorld(this.clock, this.#chance);
    this.members = Array.from({ length: members }, (_, i) => memberName(i + 1));
  }

  /** Opens a page of a member, which watches. @param options its id, who may take part, and whether it tells no address, where that matters */
  open(
    number: number,
    options: { page?: string; members?: string[]; relayOnly?: () => boolean } = {},
  ): TestPage {
    const member = memberName(number);
    const socket = this.relay.socket();
    const vault = new FakeRoomVault(member, this.signals, this.clock, this.#chance);
    const id = options.page ?? this.#pageId();
    const page: Omit<TestPage, 'room'> = {
      member,
      socket,
      vault,
      snapshots: [],
      refusals: [],
      moved: 0,
      over: 0,
    };
    const room = new CallRoom({
      vault,
      transport: socket,
      media: this.media.page(id),
      secret: new Uint8Array(32),
      members: options.members ?? this.members,
      self: member,
      now: this.clock.now,
      after: this.clock.after,
      servers: () => this.servers(),
      relayOnly: options.relayOnly ?? (() => true),
      page: id,
      events: {
        changed: (snapshot) => page.snapshots.push(snapshot),
        refused: (code, from) => page.refusals.push({ code, member: from }),
        moved: () => page.moved++,
        over: () => page.over++,
      },
    });
    const made = Object.assign(page, { room });
    this.pages.push(made);
    room.watch();
    return made;
  }

  /** Opens pages of these members, and has them in the call. */
  async call(...numbers: number[]): Promise<TestPage[]> {
    const pages = numbers.map((number) => this.open(number));
    for (const { room } of pages) room.enter(VOICE);
    await this.clock.pass(3_000);
    return pages;
  }

  /** Ends the world, and lists what it left behind. */
  async end(): Promise<string[]> {
    for (const { room } of this.pages) room.stop();
    await this.clock.pass(60_000);
    const left = [
      ...(this.clock.waits > 0 ? [`${this.clock.waits} timers`] : []),
      ...[...this.relay.seats.keys()].map((seat) => `seat ${seat}`),
      ...this.media.open.map(({ page }) => `connection of ${page}`),
      ...this.media.misuse,
    ];
    for (const { socket, vault, member } of this.pages) {
      if (socket.listeners.size > 0) left.push(`a listener of ${member}`);
      if (vault.open.size > 0) left.push(`a room of ${member}`);
    }
    return left;
  }

  /** How a page sees another one. */
  seen(by: TestPage, other: TestPage) {
    return by.room.snapshot.pages.find(
      ({ page, member }) => page === other.room.page && member === other.member,
    );
  }

  #pageId(): string {
    return Array.from({ length: 32 }, () => Math.floor(this.#chance() * 16).toString(16)).join('');
  }
}

/** That each of these pages is connected with each of the others but its own member's. */
export function expectConnected(world: RoomWorld, ...pages: TestPage[]): void {
  for (const a of pages)
    for (const b of pages) if (a.member !== b.member) expect(world.seen(a, b)?.connection).toBe('connected');
}
