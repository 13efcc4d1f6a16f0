import type { Bytes, Signal, StateBody } from '@relay/protocol';
import { fromHex, hex, makeCallSecret, randomBytes } from '@relay/protocol';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Vault } from '../src/crypto/vault.ts';
import type { Description } from '../src/media/media.ts';
import type { RoomVault } from '../src/state/calls/room/room.ts';
import { CallRoom } from '../src/state/calls/room/room.ts';
import { RoomClock } from './support/room-clock.ts';
import { MediaWorld } from './support/room-media.ts';
import type { RoomSocket, Seen } from './support/room-relay.ts';
import { chanceOf, RoomRelay } from './support/room-relay.ts';
import type { RosterMaker } from './support/rosters.ts';
import { openVault, rosterMaker } from './support/rosters.ts';

const VOICE = { muted: false, deafened: false, camera: false, screen: false };

interface Page {
  id: string;
  vault: Vault;
  room: CallRoom;
  refusals: { code: string; member: string | undefined }[];
}

let maker: RosterMaker;
let secret: Bytes;
let clock: RoomClock;
let relay: RoomRelay;
let media: MediaWorld;
let pages: Page[];

beforeAll(async () => {
  maker = await rosterMaker('Alice', 'Bob', 'Carol');
});

beforeEach(() => {
  clock = new RoomClock();
  relay = new RoomRelay(clock, chanceOf(7));
  media = new MediaWorld(clock, chanceOf(8));
  secret = makeCallSecret();
  pages = [];
});

afterEach(async () => {
  for (const { room, vault } of pages) {
    room.stop();
    vault.close();
  }
  await pass(20);
});

/** Real cryptography takes real time: both clocks go on together. */
async function pass(rounds: number): Promise<void> {
  for (let i = 0; i < rounds; i++) {
    await clock.pass(50);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !isSo(); i++) await pass(10);
  expect(isSo()).toBe(true);
}

async function open(number: number, page: string, list = [1, 2]): Promise<Page> {
  const { vault, view } = await openVault(maker.files[number - 1] as Uint8Array);
  const refusals: Page['refusals'] = [];
  const room = new CallRoom({
    vault: vault as RoomVault,
    transport: relay.socket(),
    media: media.page(page),
    secret,
    members: list.map((one) => maker.ids[one - 1] as string),
    self: view.self,
    now: clock.now,
    after: clock.after,
    servers: async () => [],
    relayOnly: true,
    page,
    events: {
      changed: () => {},
      refused: (code, member) => refusals.push({ code, member }),
      moved: () => {},
      over: () => {},
    },
  });
  room.watch();
  room.enter(VOICE);
  const made = { id: view.self, vault, room, refusals };
  pages.push(made);
  return made;
}

const connectionOf = ({ room }: Page, { id }: Page) =>
  room.snapshot.pages.find(({ member }) => member === id)?.connection;
const codesOf = ({ refusals }: Page) => [...new Set(refusals.map(({ code }) => code))];

/** Alice and Bob in a call, where the relay may do as it likes from the beginning. */
async function call(tamper: (seen: Seen) => Seen[] = (seen) => [seen]) {
  relay.tamper = tamper;
  const alice = await open(1, 'aa'.repeat(16));
  const bob = await open(2, 'bb'.repeat(16));
  return { alice, bob };
}

const socketOf = (seat: string) => relay.seats.get(seat) as RoomSocket;
/** Has the relay hand a box to whoever sits at `to`. */
const inject = ({ from, to, box }: Seen) => socketOf(to).down((events) => events.signal(from, to, box));

describe('a relay that tampers', () => {
  const changed = (box: Uint8Array, at: number) => box.map((byte, i) => (i === at ? byte ^ 1 : byte));

  it.each([
    ['key', 10],
    ['sealed part', 2_000],
    ['end', 4_095],
  ])('with the %s of every signal at first is refused, and the call stands when it stops', async (_, at) => {
    let left = 6;
    const { alice, bob } = await call((seen) =>
      left-- > 0 ? [{ ...seen, box: changed(seen.box, at) }] : [seen],
    );
    await until(() => connectionOf(alice, bob) === 'connected' && connectionOf(bob, alice) === 'connected');
    expect(codesOf(alice).concat(codesOf(bob))).toContain('signal_forged');
    expect(media.misuse).toEqual([]);
  });

  it('by swapping the seats, by sending a signal back, or to another, is refused', async () => {
    const { alice, bob } = await call();
    await until(() => connectionOf(alice, bob) === 'connected');
    const one = relay.seen.find(({ to }) => socketOf(to) !== undefined) as Seen;
    const before = media.open.length;
    for (const { refusals } of [alice, bob]) refusals.length = 0;
    inject({ from: one.to, to: one.from, box: one.box });
    const fresh = relay.seen.filter(({ from }) => from === one.to)[0] as Seen;
    inject({ from: one.from, to: one.to, box: fresh.box });
    await until(() => alice.refusals.length + bob.refusals.length >= 2);
    expect([...codesOf(alice), ...codesOf(bob)]).toEqual(expect.arrayContaining(['signal_forged']));
    expect([...codesOf(alice), ...codesOf(bob)].filter((code) => code !== 'signal_forged')).toEqual([]);
    expect(connectionOf(alice, bob)).toBe('connected');
    expect(media.open).toHaveLength(before);
  });

  it('by repeating everything is refused by the order, and nothing happens twice', async () => {
    const { alice, bob } = await call((seen) => [seen, seen]);
    await until(() => connectionOf(alice, bob) === 'connected' && connectionOf(bob, alice) === 'connected');
    expect(codesOf(alice)).toEqual(['signal_order']);
    for (const seen of [...relay.seen]) inject(seen);
    await pass(20);
    expect(codesOf(bob)).toEqual(['signal_order']);
    expect(connectionOf(bob, alice)).toBe('connected');
    expect(media.misuse).toEqual([]);
  });

  it('by mixing the order is only slow', async () => {
    const held: Seen[] = [];
    const { alice, bob } = await call((seen) => {
      held.push(seen);
      return held.length % 3 === 0 ? held.splice(0).reverse() : [];
    });
    await until(() => connectionOf(alice, bob) === 'connected' && connectionOf(bob, alice) === 'connected');
    expect(codesOf(alice).concat(codesOf(bob))).toContain('signal_order');
    expect(media.misuse).toEqual([]);
  });

  it('by replaying an earlier sitting is refused as forged, since no seat comes again', async () => {
    const { alice, bob } = await call();
    await until(() => connectionOf(alice, bob) === 'connected');
    const old = [...relay.seen];
    const [seat, socket] = [...relay.seats].at(-1) as [string, RoomSocket];
    socket.fall(0);
    await pass(5);
    socket.stand();
    await until(() => relay.seats.size === 2 && connectionOf(alice, bob) === 'connected');
    const now = [...relay.seats].find(([, one]) => one === socket)?.[0] as string;
    await pass(20);
    for (const { refusals } of [alice, bob]) refusals.length = 0;
    const past = old.filter(({ to }) => to === seat);
    for (const { from, box } of past) inject({ from, to: now, box });
    await until(() => bob.refusals.length + alice.refusals.length >= past.length);
    expect(new Set([...codesOf(alice), ...codesOf(bob)])).toEqual(new Set(['signal_forged']));
    expect(connectionOf(alice, bob)).toBe('connected');
  });

  it('by seats out of nowhere finds nobody to answer', async () => {
    const { alice, bob } = await call();
    await until(() => connectionOf(alice, bob) === 'connected');
    const box = relay.seen[0]?.box as Uint8Array;
    const count = relay.seen.length;
    for (const seat of [...relay.seats.keys()]) inject({ from: hex(randomBytes(32)), to: seat, box });
    await pass(120);
    expect(codesOf(alice)).toContain('signal_unlisted');
    expect(relay.seen.slice(count).every(({ to }) => relay.seats.has(to))).toBe(true);
    expect(connectionOf(alice, bob)).toBe('connected');
  });
});

describe('a member who misbehaves', () => {
  /** Carol, by hand: a seat of hers, and signals as she likes them. */
  async function carol(list: number[]) {
    const { vault } = await openVault(maker.files[2] as Uint8Array);
    const { handle } = await vault.openRoom(secret);
    const { seat } = await vault.makeSeat(handle);
    const socket = relay.socket();
    relay.seat(seat, socket);
    const others = [...relay.seats].filter(([, one]) => one !== socket).map(([other]) => other);
    const owners = await vault.ownersOfSeats(handle, maker.ids, others);
    const send = async (signal: Signal, to: string) => {
      const member = owners[others.indexOf(to)] as string;
      relay.carry({ from: seat, to, box: await vault.sealSignal(handle, member, seat, to, signal) });
    };
    const state: StateBody = {
      page: new Uint8Array(16).fill(0xcc),
      at: 'in',
      ...VOICE,
      members: list.map((one) => fromHex(maker.ids[one - 1] as string)),
      age: 0,
      rings: false,
      takes: [],
    };
    return { seat, others, owners, send, state, vault };
  }

  it('and is not on the list gets no answer, and is reported', async () => {
    const { alice, bob } = await call();
    await until(() => connectionOf(alice, bob) === 'connected');
    const { seat, others, send, state, vault } = await carol([1, 2, 3]);
    for (const to of others) await send({ n: 1, ack: 0, kind: 'state', body: state }, to);
    await pass(120);
    for (const page of [alice, bob]) {
      expect(page.refusals.filter(({ code }) => code === 'signal_unlisted')).toHaveLength(1);
      expect(page.room.snapshot.pages).toHaveLength(1);
      expect(page.room.snapshot.members).toHaveLength(2);
    }
    expect(relay.seen.some(({ to }) => to === seat)).toBe(false);
    vault.close();
  });

  it('cannot take over another member’s page, nor this one’s', async () => {
    const alice = await open(1, 'aa'.repeat(16), [1, 2, 3]);
    const bob = await open(2, 'bb'.repeat(16), [1, 2, 3]);
    await until(() => connectionOf(alice, bob) === 'connected' && connectionOf(bob, alice) === 'connected');
    const { others, send, state, vault } = await carol([1, 2, 3]);
    const page = fromHex(bob.room.page);
    for (const to of others) {
      await send({ n: 1, ack: 0, kind: 'state', body: { ...state, page, takes: [page] } }, to);
      await send({ n: 2, ack: 0, kind: 'bye', body: {} }, to);
    }
    await pass(20);
    expect([connectionOf(alice, bob), connectionOf(bob, alice)]).toEqual(['connected', 'connected']);
    expect(bob.room.snapshot.at).toBe('in');
    vault.close();
  });

  it('and names a second certificate is refused and shown with the reason, and nobody else is', async () => {
    const alice = await open(1, 'aa'.repeat(16), [1, 2, 3]);
    const bob = await open(2, 'bb'.repeat(16), [1, 2, 3]);
    await until(() => connectionOf(alice, bob) === 'connected');
    const { others, owners, send, state, vault } = await carol([1, 2, 3]);
    const to = others[owners.indexOf(alice.id)] as string;
    const describe = (n: number, cert: string): Signal => {
      const body: Description = { type: 'offer', sdp: JSON.stringify({ id: n, cert, ufrag: 'x' }) };
      return { n, ack: 0, kind: 'description', body };
    };
    await send({ n: 1, ack: 0, kind: 'state', body: state }, to);
    await send(describe(2, 'cert x'), to);
    await pass(20);
    expect(alice.refusals).toEqual([]);
    await send(describe(3, 'cert y'), to);
    await until(() => alice.refusals.length > 0);
    const third = maker.ids[2] as string;
    expect(alice.refusals).toEqual([{ code: 'description_refused', member: third }]);
    const view = alice.room.snapshot.pages.find(({ member }) => member === third);
    expect(view).toMatchObject({
      connection: 'refused',
      streams: {},
      fault: { code: 'description_refused' },
    });
    expect(media.open.filter(({ page }) => page === alice.room.page)).toHaveLength(1);
    expect(connectionOf(alice, bob)).toBe('connected');
    await send(describe(4, 'cert x'), to);
    await pass(20);
    expect(alice.refusals).toHaveLength(1);
    vault.close();
  });

  it('and connects with another certificate than it described is refused before anything is played', async () => {
    const alice = await open(1, 'aa'.repeat(16));
    const bob = await open(2, 'bb'.repeat(16));
    await until(() => media.open.length === 2);
    for (const one of media.open) one.isForged = one.page === alice.room.page;
    await until(() => alice.refusals.length > 0);
    expect(alice.refusals).toEqual([{ code: 'description_refused', member: bob.id }]);
    expect(alice.room.snapshot.pages[0]).toMatchObject({ connection: 'refused', streams: {} });
  });
});
