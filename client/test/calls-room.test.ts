import { RelayError } from '@relay/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { memberName } from './support/room-vault.ts';
import type { TestPage } from './support/room-world.ts';
import { expectConnected, RoomWorld, VOICE } from './support/room-world.ts';

const LOW = '1'.repeat(32);
const HIGH = 'e'.repeat(32);
type Two = [TestPage, TestPage];
let world: RoomWorld;

afterEach(async () => {
  expect(await world.end()).toEqual([]);
});

describe('a call', () => {
  it('connects everyone who is in, and nobody who watches', async () => {
    world = new RoomWorld(4);
    const [ann, bob, cat] = (await world.call(1, 2, 3)) as [TestPage, TestPage, TestPage];
    const dan = world.open(4);
    await world.clock.pass(3_000);
    expectConnected(world, ann, bob, cat);
    expect(world.seen(dan, ann)).toMatchObject({ at: 'in', connection: undefined });
    expect(world.seen(ann, dan)).toMatchObject({ at: 'watching', connection: undefined });
    expect(world.media.open).toHaveLength(6);
  });

  it('needs nothing twice on a good line, and plays nothing before the certificate was judged', async () => {
    world = new RoomWorld(3);
    const pages = await world.call(1, 2, 3);
    await world.clock.pass(10_000);
    expect(new Set(world.relay.seen.map(({ box }) => box.join())).size).toBe(world.relay.seen.length);
    expect(pages.flatMap(({ refusals }) => refusals)).toEqual([]);
    const views = pages.flatMap(({ snapshots }) => snapshots.flatMap((one) => one.pages));
    const played = views.filter(({ streams }) => streams.voice !== undefined);
    expect(played.length).toBeGreaterThan(0);
    expect(new Set(played.map(({ connection }) => connection))).toEqual(new Set(['connected']));
  });

  it('sends each line to all, also to who comes later, and follows the plan for so many', async () => {
    world = new RoomWorld(3);
    const [ann] = (await world.call(1, 2)) as Two;
    const voice = { kind: 'audio' } as MediaStreamTrack;
    ann.room.setTracks('voice', voice);
    await world.clock.pass(100);
    const alone = world.media.open.find(({ page }) => page === ann.room.page)?.lastPlan;
    world.open(3).room.enter(VOICE);
    await world.clock.pass(3_000);
    const own = world.media.open.filter(({ page }) => page === ann.room.page);
    expect(own.map(({ sent }) => sent.get('voice'))).toEqual([voice, voice]);
    expect(own[0]?.lastPlan?.camera?.bitrate).toBeLessThan(alone?.camera?.bitrate ?? 0);
    ann.room.setTracks('voice', undefined);
    await world.clock.pass(100);
    expect(own.map(({ sent }) => sent.get('voice'))).toEqual([undefined, undefined]);
  });

  it('shows what each says of its media, and since when two are in', async () => {
    world = new RoomWorld(3);
    const [ann, bob] = (await world.call(1, 2)) as Two;
    bob.room.setOwn({ muted: true, screen: true });
    await world.clock.pass(10_000);
    expect(world.seen(ann, bob)).toMatchObject({ muted: true, deafened: false, screen: true });
    const cat = world.open(3);
    await world.clock.pass(1_000);
    const [a, c] = [ann.room.snapshot.age ?? 0, cat.room.snapshot.age ?? 0];
    expect(Math.abs(a - c)).toBeLessThan(500);
    expect(c).toBeGreaterThan(10_000);
  });

  it('measures what is connected', async () => {
    world = new RoomWorld(2);
    const [ann, bob] = (await world.call(1, 2)) as Two;
    await world.clock.pass(4_000);
    expect(world.seen(ann, bob)?.report?.local).toBe('relay');
  });

  it('says why it cannot connect, and does once there are credentials', async () => {
    world = new RoomWorld(2);
    const { servers } = world;
    world.servers = async () => {
      throw new RelayError('turn_unavailable');
    };
    const [ann, bob] = (await world.call(1, 2)) as Two;
    expect(world.seen(ann, bob)).toMatchObject({ connection: 'new', fault: { code: 'turn_unavailable' } });
    world.servers = servers;
    await world.clock.pass(10_000);
    expect(world.seen(ann, bob)).toMatchObject({ connection: 'connected', fault: undefined });
  });
});

describe('ringing', () => {
  it('goes on in every window while the caller says so, and ends in all when one accepts', async () => {
    world = new RoomWorld(2);
    const ann = world.open(1);
    const windows = [world.open(2), world.open(2)] as Two;
    await world.clock.pass(1_000);
    expect(windows.map(({ room }) => room.snapshot.rings)).toEqual([false, false]);
    ann.room.enter({ ...VOICE, rings: [memberName(2)] });
    await world.clock.pass(1_000);
    expect(windows.map(({ room }) => room.snapshot.rings)).toEqual([true, true]);
    windows[0].room.enter(VOICE);
    await world.clock.pass(1_000);
    expect(world.seen(windows[1], windows[0])).toMatchObject({ own: true, at: 'in' });
    ann.room.setOwn({ rings: [] });
    await world.clock.pass(1_000);
    expect(windows[1].room.snapshot.rings).toBe(false);
  });

  it('goes on at those alone who are rung at', async () => {
    world = new RoomWorld(3);
    const [ann, bob, cat] = [world.open(1), world.open(2), world.open(3)];
    ann.room.enter({ ...VOICE, rings: [cat.member] });
    await world.clock.pass(1_000);
    expect([bob, cat].map(({ room }) => room.snapshot.rings)).toEqual([false, true]);
  });

  it('does not go on for a caller whose socket is gone', async () => {
    world = new RoomWorld(2);
    const ann = world.open(1);
    const bob = world.open(2);
    ann.room.enter({ ...VOICE, rings: [memberName(2)] });
    await world.clock.pass(1_000);
    ann.socket.fall(0);
    await world.clock.pass(1_000);
    expect(bob.room.snapshot.rings).toBe(false);
  });

  it.each(['declined', 'busy'] as const)('is told of %s, also in the own other window', async (at) => {
    world = new RoomWorld(2);
    const ann = world.open(1);
    const windows = [world.open(2), world.open(2)] as Two;
    ann.room.enter({ ...VOICE, rings: [memberName(2)] });
    await world.clock.pass(1_000);
    if (at === 'busy') windows[0].room.busy();
    else windows[0].room.decline();
    await world.clock.pass(1_000);
    expect(world.seen(ann, windows[0])?.at).toBe(at);
    expect(world.seen(windows[1], windows[0])).toMatchObject({ own: true, at });
    const view = ann.room.snapshot.members.find(({ member }) => member === windows[0].member);
    expect(view).toMatchObject({ hasDeclined: at === 'declined', wasIn: false });
  });
});

describe('two windows of one member', () => {
  it('that accept at the same instant leave one: the lower gives way', async () => {
    world = new RoomWorld(2);
    const ann = world.open(1);
    const low = world.open(2, { page: LOW });
    const high = world.open(2, { page: HIGH });
    await world.clock.pass(1_000);
    for (const { room } of [ann, low, high]) room.enter(VOICE);
    await world.clock.pass(3_000);
    expect([low.moved, high.moved]).toEqual([1, 0]);
    expect(low.room.snapshot.at).toBe('watching');
    expectConnected(world, ann, high);
    expect(world.media.open).toHaveLength(2);
  });

  it('move a call from one to the other and back, whichever is higher', async () => {
    world = new RoomWorld(2);
    const ann = world.open(1);
    const low = world.open(2, { page: LOW });
    const high = world.open(2, { page: HIGH });
    for (const { room } of [ann, high]) room.enter(VOICE);
    await world.clock.pass(3_000);
    for (const [to, from] of [
      [low, high],
      [high, low],
      [low, high],
    ] as Two[]) {
      to.room.enter(VOICE, [from.room.page]);
      await world.clock.pass(3_000);
      expect([to.room.snapshot.at, from.room.snapshot.at]).toEqual(['in', 'watching']);
      expectConnected(world, ann, to);
      expect(world.media.open).toHaveLength(2);
    }
  });

  it('that take each other’s place leave the higher one', async () => {
    world = new RoomWorld(2);
    const ann = world.open(1);
    const low = world.open(2, { page: LOW });
    const high = world.open(2, { page: HIGH });
    await world.clock.pass(1_000);
    ann.room.enter(VOICE);
    low.room.enter(VOICE, [HIGH]);
    high.room.enter(VOICE, [LOW]);
    await world.clock.pass(3_000);
    expect([low.room.snapshot.at, high.room.snapshot.at]).toEqual(['watching', 'in']);
    expectConnected(world, ann, high);
  });
});

describe('adding', () => {
  it('lets somebody take part, and all see who did it', async () => {
    world = new RoomWorld(3);
    const list = world.members.slice(0, 2);
    const ann = world.open(1, { members: list });
    const bob = world.open(2, { members: list });
    for (const { room } of [ann, bob]) room.enter(VOICE);
    await world.clock.pass(3_000);
    const [, , third] = world.members as [string, string, string];
    // Quicker than the word of it.
    const cat = world.open(3);
    cat.room.enter(VOICE);
    await world.clock.pass(1_000);
    expect(world.seen(ann, cat)).toBeUndefined();
    ann.room.add([third]);
    await world.clock.pass(5_000);
    expectConnected(world, ann, bob, cat);
    const view = bob.room.snapshot.members.find(({ member }) => member === third);
    expect(view).toMatchObject({ addedBy: ann.member, wasIn: true });
    expect(ann.refusals.concat(bob.refusals)).toEqual([]);
  });

  it('is not taken from somebody who is not on the list', async () => {
    world = new RoomWorld(3);
    const list = world.members.slice(0, 2);
    const pages = [world.open(1, { members: list }), world.open(2, { members: list })];
    const mallory = world.open(3);
    mallory.room.enter(VOICE);
    await world.clock.pass(10_000);
    for (const { room, refusals } of pages) {
      expect(room.snapshot.pages).toHaveLength(1);
      expect(refusals).toEqual([{ code: 'signal_unlisted', member: undefined }]);
    }
  });

  it('reports a stranger also when it goes at once, and answers no seat that is empty', async () => {
    world = new RoomWorld(3);
    const list = world.members.slice(0, 2);
    const ann = world.open(1, { members: list });
    const bob = world.open(2, { members: list });
    const mallory = world.open(3);
    await world.clock.pass(1_000);
    mallory.room.stop();
    const [gone] = [...world.relay.seats].find(([, socket]) => socket === bob.socket) as [string, unknown];
    bob.room.stop();
    await world.clock.pass(1_000);
    expect(ann.refusals).toEqual([{ code: 'signal_unlisted', member: undefined }]);
    const [own] = [...world.relay.seats.keys()] as [string];
    const before = world.relay.asked.length;
    ann.socket.down((events) => events.signal(gone, own, new Uint8Array(8)));
    await world.clock.pass(10_000);
    expect(ann.refusals).toHaveLength(1);
    expect(world.relay.asked).toHaveLength(before);
  });
});
