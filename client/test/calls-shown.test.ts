import { describe, expect, it, vi } from 'vitest';
import { CallsBench, pageOf } from './support/calls-bench.ts';
import { RoomWorld, VOICE } from './support/room-world.ts';

const SECRET = new Uint8Array(32).fill(7);
const streamOf = (name: string) => ({ name }) as unknown as MediaStream;
const STREAMS = {
  voice: streamOf('voice'),
  screen: streamOf('screen'),
  screenSound: streamOf('screenSound'),
};

/** A call of member 2, in which this page is. */
async function inCall(bench = new CallsBench()): Promise<CallsBench> {
  await bench.invited(2, SECRET, 1);
  bench.room.tell({ pages: [pageOf(2)] });
  await bench.desk.prepareJoin(bench.callId, false);
  await bench.desk.enterCall();
  return bench;
}

describe('a screen that somebody shares', () => {
  it('is shown with its sound, for as long as it is shared', async () => {
    const bench = await inCall();
    const shown = () => bench.desk.state.active?.participants.find(({ isSelf }) => !isSelf);
    bench.room.tell({ pages: [pageOf(2, { screen: true, streams: STREAMS })] });
    expect(shown()).toMatchObject(STREAMS);
    bench.room.tell({ pages: [pageOf(2, { streams: STREAMS })] });
    expect(shown()).toHaveProperty('voice');
    expect(shown()).not.toHaveProperty('screen');
    expect(shown()).not.toHaveProperty('screenSound');
  });
});

describe('the timer', () => {
  it('tells for how long the call has been going on, also in a page that came late or was loaded again', async () => {
    const bench = new CallsBench();
    await bench.invited(2, SECRET, 1, 3);
    bench.room.tell({ pages: [pageOf(2), pageOf(3)], age: 90_000 });
    await bench.desk.prepareJoin(bench.callId, false);
    await bench.desk.enterCall();
    expect(bench.desk.state.active?.startedAt).toBe(bench.clock.now() - 90_000);
  });
});

describe('direct calls', () => {
  it('are direct, or not, as the setting is when this page joins: not as it was when it heard of the call', async () => {
    for (const directCalls of [true, false]) {
      const bench = new CallsBench();
      const change = (on: boolean) => bench.set({ directCalls: on });
      const isDirect = () => [!bench.room.options.relayOnly(), bench.desk.state.active?.isDirect];
      change(!directCalls);
      await bench.invited(2, SECRET, 1);
      bench.room.tell({ pages: [pageOf(2)] });
      change(directCalls);
      await bench.desk.prepareJoin(bench.callId, false);
      await bench.desk.enterCall();
      expect(isDirect()).toEqual([directCalls, directCalls]);
      change(!directCalls);
      expect(isDirect()).toEqual([directCalls, directCalls]);
      bench.desk.leaveCall();
      await vi.waitFor(() => expect(bench.rooms).toHaveLength(2), { timeout: 10_000 });
      bench.room.tell({ pages: [pageOf(2)] });
      await bench.desk.prepareJoin(bench.callId, false);
      await bench.desk.enterCall();
      expect(isDirect()).toEqual([!directCalls, !directCalls]);
    }
  });

  it('ask for each connection whether it may tell addresses', async () => {
    const world = new RoomWorld(3);
    let isDirect = false;
    const ann = world.open(1, { relayOnly: () => !isDirect });
    const bob = world.open(2);
    await world.clock.pass(3_000);
    isDirect = true;
    for (const { room } of [ann, bob]) room.enter(VOICE);
    await world.clock.pass(3_000);
    expect(
      world.media.open.map(({ page, relayOnly }) => [page === ann.room.page, relayOnly]).toSorted(),
    ).toEqual([
      [false, true],
      [true, false],
    ]);
    expect(await world.end()).toEqual([]);
  });
});
