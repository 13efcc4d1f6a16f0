import { RelayError } from '@relay/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { TestPage } from './support/room-world.ts';
import { expectConnected, RoomWorld, VOICE } from './support/room-world.ts';

type Two = [TestPage, TestPage];
let world: RoomWorld;

afterEach(async () => {
  expect(await world.end()).toEqual([]);
});

describe('a lost socket', () => {
  it('leaves the connection alone, however long it takes', async () => {
    world = new RoomWorld(2);
    const [ann, bob] = (await world.call(1, 2)) as Two;
    const before = world.media.open;
    ann.socket.fall(0);
    await world.clock.pass(90_000);
    expectConnected(world, ann, bob);
    expect(world.seen(bob, ann)?.isSeated).toBe(false);
    ann.socket.stand();
    await world.clock.pass(3_000);
    expectConnected(world, ann, bob);
    expect(world.seen(bob, ann)?.isSeated).toBe(true);
    expect(world.media.open).toEqual(before);
  });

  it('while an offer is open lets it be told again and answered once', async () => {
    for (let ms = 0; ms <= 600; ms += 10) {
      world = new RoomWorld(2, ms);
      const [ann, bob] = [world.open(1), world.open(2)];
      await world.clock.pass(1_000);
      for (const { room } of [ann, bob]) room.enter(VOICE);
      await world.clock.pass(ms);
      ann.socket.fall(500);
      await world.clock.pass(2_000);
      ann.socket.stand();
      await world.clock.pass(5_000);
      expectConnected(world, ann, bob);
      expect(world.media.connections).toHaveLength(2);
      if (ms < 600) expect(await world.end()).toEqual([]);
    }
  });

  it('has this page sit down anew, and not take its own former seat for somebody', async () => {
    world = new RoomWorld(2);
    const [ann, bob] = (await world.call(1, 2)) as Two;
    const former = [...world.relay.seats].find(([, socket]) => socket === ann.socket)?.[0];
    ann.socket.fall(10_000);
    await world.clock.pass(100);
    ann.socket.stand();
    const before = world.relay.seen.length;
    await world.clock.pass(5_000);
    const since = world.relay.seen.slice(before);
    const mine = [...world.relay.seats].filter(([, socket]) => socket === ann.socket).map(([seat]) => seat);
    expect(mine).toHaveLength(2);
    expect(since.filter(({ from, to }) => mine.includes(from) && to === former)).toEqual([]);
    expectConnected(world, ann, bob);
    const other = world.open(1);
    await world.clock.pass(20_000);
    expect(other.room.snapshot.was).toBeUndefined();
  });

  it('of one’s own lets nobody be given up who could not be heard', async () => {
    world = new RoomWorld(2);
    const [ann, bob] = (await world.call(1, 2)) as Two;
    const before = world.media.open;
    ann.socket.fall(0);
    for (const one of before) one.breakWay();
    await world.clock.pass(25_000);
    bob.socket.fall(0);
    await world.clock.pass(60_000);
    expect(world.seen(ann, bob)?.connection).not.toBeUndefined();
    bob.socket.stand();
    ann.socket.stand();
    await world.clock.pass(20_000);
    expectConnected(world, ann, bob);
    expect(world.media.open).toEqual(before);
  });

  it.each([
    ['a page that ended its connections, closed or loaded anew, is given up after 15 seconds', 0, 15_000],
    ['the same without the word of it, after 30', 1, 30_000],
  ])('of %s', async (_, closeLoss, ms) => {
    world = new RoomWorld(2);
    world.media.closeLoss = closeLoss;
    const [ann, bob] = (await world.call(1, 2)) as Two;
    ann.room.stop();
    await world.clock.pass(ms - 1_000);
    expect(world.seen(bob, ann)?.connection).toBe(closeLoss === 0 ? 'closed' : 'failed');
    await world.clock.pass(4_000);
    expect(world.seen(bob, ann)).toBeUndefined();
    expect(world.media.open).toEqual([]);
  });

  it('with a lost connection gives the page up after 30 seconds, and begins anew when it comes back', async () => {
    world = new RoomWorld(2);
    const [ann, bob] = (await world.call(1, 2)) as Two;
    ann.socket.fall(0);
    for (const one of world.media.open) one.breakWay();
    await world.clock.pass(29_000);
    expect(world.seen(bob, ann)).toBeDefined();
    await world.clock.pass(5_000);
    expect(world.seen(bob, ann)).toBeUndefined();
    ann.socket.stand();
    await world.clock.pass(5_000);
    expectConnected(world, ann, bob);
    expect(ann.refusals.concat(bob.refusals)).toEqual([]);
    expect(world.media.open).toHaveLength(2);
  });
});

describe('a broken way', () => {
  it('is mended with fresh credentials, by the one that began', async () => {
    world = new RoomWorld(2);
    const [ann, bob] = (await world.call(1, 2)) as Two;
    const before = world.media.open.map(({ servers }) => servers);
    for (const one of world.media.open) one.breakWay();
    await world.clock.pass(20_000);
    expectConnected(world, ann, bob);
    const after = world.media.open.map(({ servers }) => servers);
    expect(after.filter((servers, at) => servers !== before[at])).toHaveLength(1);
  });

  it('is looked for anew when the network changed', async () => {
    world = new RoomWorld(2);
    const [ann] = (await world.call(1, 2)) as Two;
    const before = world.media.open.map(({ local }) => local?.ufrag);
    ann.room.networkChanged();
    await world.clock.pass(5_000);
    expect(world.media.open.map(({ local }) => local?.ufrag)).not.toEqual(before);
  });
});

describe('a page that is loaded anew', () => {
  it('hears how it was in, joins in the old one’s place, and the others wait for the old one no more', async () => {
    world = new RoomWorld(2);
    const [ann, bob] = (await world.call(1, 2)) as Two;
    bob.room.setOwn({ muted: true, camera: true });
    await world.clock.pass(1_000);
    bob.room.stop();
    await world.clock.pass(2_000);
    const next = world.open(2);
    await world.clock.pass(1_000);
    const { was } = next.room.snapshot;
    expect(was).toMatchObject({ page: bob.room.page, muted: true, deafened: false, camera: true });
    expect(world.clock.now() - (was?.at ?? 0)).toBeLessThan(4_000);
    next.room.enter(VOICE, [bob.room.page]);
    await world.clock.pass(3_000);
    expectConnected(world, ann, next);
    expect(world.seen(ann, bob)).toBeUndefined();
    expect(world.media.open).toHaveLength(2);
  });

  it('hears it also where the relay notices late that the old one went', async () => {
    world = new RoomWorld(2);
    const [, bob] = (await world.call(1, 2)) as Two;
    bob.socket.fall(4_000);
    bob.room.stop();
    const next = world.open(2);
    await world.clock.pass(2_000);
    expect(next.room.snapshot.was).toBeUndefined();
    await world.clock.pass(4_000);
    expect(next.room.snapshot.was?.page).toBe(bob.room.page);
  });

  it('hears nothing of one that said goodbye, nor of one that is still there', async () => {
    world = new RoomWorld(3);
    const [, bob, cat] = (await world.call(1, 2, 3)) as [TestPage, TestPage, TestPage];
    void bob.room.leave();
    const others = [world.open(2), world.open(3)];
    await world.clock.pass(3_000);
    expect(others.map(({ room }) => room.snapshot.was)).toEqual([undefined, undefined]);
    expect(cat.room.snapshot.pages.filter(({ member }) => member === bob.member)).toHaveLength(1);
  });
});

describe('leaving', () => {
  it('is seen at once', async () => {
    world = new RoomWorld(2);
    const [ann, bob] = (await world.call(1, 2)) as Two;
    const left = bob.room.leave();
    await world.clock.pass(1_000);
    await left;
    expect(world.seen(ann, bob)).toBeUndefined();
    expect(world.media.open).toEqual([]);
    expect(ann.room.snapshot.members.find(({ member }) => member === bob.member)?.wasIn).toBe(true);
  });

  it('takes five seconds at most, also without a relay', async () => {
    world = new RoomWorld(2);
    const [ann] = (await world.call(1, 2)) as Two;
    ann.vault.sealSignal = () => new Promise(() => {});
    const left = ann.room.leave();
    await world.clock.pass(5_000);
    await left;
  });

  it('is heard also where the relay loses it at first', async () => {
    world = new RoomWorld(2);
    const [ann, bob] = (await world.call(1, 2)) as Two;
    await world.clock.pass(1_000);
    const { signal } = bob.socket;
    bob.socket.signal = async () => {
      throw new RelayError('rate_limited');
    };
    const left = bob.room.leave();
    await world.clock.pass(500);
    expect(world.seen(ann, bob)).toBeDefined();
    bob.socket.signal = signal;
    await world.clock.pass(2_000);
    await left;
    expect(world.seen(ann, bob)).toBeUndefined();
    expect([...world.relay.seats.values()]).toEqual([ann.socket]);
  });

  it.each([0, 1, 20, 60, 90, 120, 200, 400])('after %i ms leaves nothing behind', async (ms) => {
    for (const ending of ['stop', 'leave'] as const) {
      world = new RoomWorld(2, ms);
      const pages = [world.open(1), world.open(2)];
      for (const { room } of pages) room.enter(VOICE);
      await world.clock.pass(ms);
      void pages[0]?.room[ending]();
      await world.clock.pass(2_000);
      expect([...world.relay.seats.values()]).toEqual([pages[1]?.socket]);
      if (ending === 'stop') expect(await world.end()).toEqual([]);
    }
  });

  it.each([
    ['the other one', [1]],
    ['the one that leaves', [0]],
    ['both', [0, 1]],
  ])('is heard while %s just finds back to the relay', async (_who, falls) => {
    world = new RoomWorld(2);
    const [ann, bob] = (await world.call(1, 2)) as Two;
    for (const at of falls) world.pages[at]?.socket.fall(0);
    await world.clock.pass(500);
    const left = ann.room.leave();
    await world.clock.pass(1_500);
    for (const { socket } of world.pages) socket.stand();
    await world.clock.pass(2_000);
    await left;
    expect(world.seen(bob, ann)).toBeUndefined();
    expect([...world.relay.seats.values()]).toEqual([bob.socket]);
  });

  it('awaits nobody who stays away, and nobody at all where it must not', async () => {
    for (const [isLast, ms] of [
      [false, 5_000],
      [true, 1_000],
    ] as const) {
      world = new RoomWorld(2);
      const [ann, bob] = (await world.call(1, 2)) as Two;
      bob.socket.fall(0);
      await world.clock.pass(500);
      let hasLeft = false;
      void ann.room.leave(isLast).then(() => {
        hasLeft = true;
      });
      await world.clock.pass(isLast ? 0 : ms - 100);
      expect(hasLeft).toBe(isLast);
      await world.clock.pass(ms);
      expect(hasLeft).toBe(true);
    }
  });

  it('is not concluded from silence: who sits there and was not heard yet may be the one who calls', async () => {
    world = new RoomWorld(2);
    const ann = world.open(1);
    ann.room.enter(VOICE);
    const { signal } = ann.socket;
    ann.socket.signal = async () => {};
    const bob = world.open(2);
    await world.clock.pass(20_000);
    expect([world.seen(bob, ann), bob.over]).toEqual([undefined, 0]);
    ann.socket.signal = signal;
    await world.clock.pass(10_000);
    expect(world.seen(bob, ann)).toBeDefined();
    void ann.room.leave();
    await world.clock.pass(20_000);
    expect(bob.over).toBe(1);
  });

  it('of everybody ends the watching, once', async () => {
    world = new RoomWorld(3);
    const [ann, bob] = (await world.call(1, 2)) as Two;
    const cat = world.open(3);
    await world.clock.pass(30_000);
    expect(cat.over).toBe(0);
    for (const { room } of [ann, bob]) void room.leave();
    await world.clock.pass(60_000);
    expect([ann.over, bob.over, cat.over]).toEqual([0, 0, 1]);
  });
});
