import { hex, randomBytes } from '@relay/protocol';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codesOf, connectionOf, RealCall } from './support/real-call.ts';
import type { RoomSocket, Seen } from './support/room-relay.ts';
import type { RosterMaker } from './support/rosters.ts';
import { rosterMaker } from './support/rosters.ts';

let maker: RosterMaker;
let world: RealCall;

beforeAll(async () => {
  maker = await rosterMaker('Alice', 'Bob', 'Carol');
});

beforeEach(() => {
  world = new RealCall(maker);
});

afterEach(() => world.end());

const socketOf = (seat: string) => world.relay.seats.get(seat) as RoomSocket;
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
    const { alice, bob } = await world.call([1, 2], (seen) =>
      left-- > 0 ? [{ ...seen, box: changed(seen.box, at) }] : [seen],
    );
    await world.until(
      () => connectionOf(alice, bob) === 'connected' && connectionOf(bob, alice) === 'connected',
    );
    expect(codesOf(alice).concat(codesOf(bob))).toContain('signal_forged');
    expect(world.media.misuse).toEqual([]);
  });

  it('by swapping the seats, by sending a signal back, or to another, is refused', async () => {
    const { alice, bob } = await world.call();
    await world.until(() => connectionOf(alice, bob) === 'connected');
    const one = world.relay.seen.find(({ to }) => socketOf(to) !== undefined) as Seen;
    const before = world.media.open.length;
    for (const { refusals } of [alice, bob]) refusals.length = 0;
    inject({ from: one.to, to: one.from, box: one.box });
    const fresh = world.relay.seen.filter(({ from }) => from === one.to)[0] as Seen;
    inject({ from: one.from, to: one.to, box: fresh.box });
    await world.until(() => alice.refusals.length + bob.refusals.length >= 2);
    expect([...codesOf(alice), ...codesOf(bob)]).toEqual(expect.arrayContaining(['signal_forged']));
    expect([...codesOf(alice), ...codesOf(bob)].filter((code) => code !== 'signal_forged')).toEqual([]);
    expect(connectionOf(alice, bob)).toBe('connected');
    expect(world.media.open).toHaveLength(before);
  });

  it('by repeating everything is refused by the order, and nothing happens twice', async () => {
    const { alice, bob } = await world.call([1, 2], (seen) => [seen, seen]);
    await world.until(
      () => connectionOf(alice, bob) === 'connected' && connectionOf(bob, alice) === 'connected',
    );
    expect(codesOf(alice)).toEqual(['signal_order']);
    for (const seen of [...world.relay.seen]) inject(seen);
    await world.pass(20);
    expect(codesOf(bob)).toEqual(['signal_order']);
    expect(connectionOf(bob, alice)).toBe('connected');
    expect(world.media.misuse).toEqual([]);
  });

  it('by mixing the order is only slow', async () => {
    const held: Seen[] = [];
    const { alice, bob } = await world.call([1, 2], (seen) => {
      held.push(seen);
      return held.length % 3 === 0 ? held.splice(0).reverse() : [];
    });
    await world.until(
      () => connectionOf(alice, bob) === 'connected' && connectionOf(bob, alice) === 'connected',
    );
    expect(codesOf(alice).concat(codesOf(bob))).toContain('signal_order');
    expect(world.media.misuse).toEqual([]);
  });

  it('by replaying an earlier sitting is refused as forged, since no seat comes again', async () => {
    const { alice, bob } = await world.call();
    await world.until(() => connectionOf(alice, bob) === 'connected');
    const old = [...world.relay.seen];
    const [seat, socket] = [...world.relay.seats].at(-1) as [string, RoomSocket];
    socket.fall(0);
    await world.pass(5);
    socket.stand();
    await world.until(() => world.relay.seats.size === 2 && connectionOf(alice, bob) === 'connected');
    const now = [...world.relay.seats].find(([, one]) => one === socket)?.[0] as string;
    await world.pass(20);
    for (const { refusals } of [alice, bob]) refusals.length = 0;
    const past = old.filter(({ to }) => to === seat);
    for (const { from, box } of past) inject({ from, to: now, box });
    await world.until(() => bob.refusals.length + alice.refusals.length >= past.length);
    expect(new Set([...codesOf(alice), ...codesOf(bob)])).toEqual(new Set(['signal_forged']));
    expect(connectionOf(alice, bob)).toBe('connected');
  });

  it('by seats out of nowhere finds nobody to answer', async () => {
    const { alice, bob } = await world.call();
    await world.until(() => connectionOf(alice, bob) === 'connected');
    const box = world.relay.seen[0]?.box as Uint8Array;
    const count = world.relay.asked.length;
    for (const seat of [...world.relay.seats.keys()]) inject({ from: hex(randomBytes(32)), to: seat, box });
    await world.pass(120);
    expect(codesOf(alice)).toContain('signal_unlisted');
    expect(world.relay.asked.slice(count).filter((to) => !world.relay.seats.has(to))).toEqual([]);
    expect(connectionOf(alice, bob)).toBe('connected');
  });
});
