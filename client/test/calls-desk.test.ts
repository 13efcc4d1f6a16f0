import { RelayError } from '@relay/protocol';
import { describe, expect, it, vi } from 'vitest';
import { CallsBench, idOf, listed, pageOf } from './support/calls-bench.ts';

const SECRET = new Uint8Array(32).fill(7);
const LINES = ['voice', 'camera', 'screen', 'screenSound'] as const;

describe('a call that comes back from another window', () => {
  it('sends nothing of what was captured before it went', async () => {
    const bench = new CallsBench();
    await bench.call([2], true);
    bench.room.tell({ pages: [pageOf(2)] });
    await bench.desk.setScreen(true);
    expect(LINES.map((line) => bench.room.tracks.get(line) !== undefined)).toEqual([true, true, true, true]);
    bench.room.options.events.moved();
    bench.room.tell({ at: 'watching', pages: [pageOf(2), pageOf(1)] });
    await bench.desk.prepareJoin(bench.callId, false);
    await bench.desk.enterCall();
    expect(LINES.map((line) => bench.room.tracks.get(line) !== undefined)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(bench.room.own).toMatchObject({ camera: false, screen: false });
  });

  it('does not ring again', async () => {
    const bench = new CallsBench();
    await bench.call([2, 3]);
    bench.room.tell({ pages: [pageOf(2), pageOf(3, { at: 'watching' })] });
    expect(bench.room.own?.rings).toEqual([idOf(2), idOf(3)]);
    bench.room.options.events.moved();
    await bench.clock.pass(60_000);
    bench.room.tell({ at: 'watching', pages: [pageOf(2), pageOf(1)] });
    await bench.desk.prepareJoin(bench.callId, false);
    await bench.desk.enterCall();
    expect(bench.room.own?.rings ?? []).toEqual([]);
  });
});

describe('a page that was loaded again', () => {
  const was = { page: 'old page', at: 1_000_000, muted: true, deafened: false, camera: true };
  async function reloaded() {
    const bench = new CallsBench({ isReload: true });
    const { promise, resolve } = Promise.withResolvers<void>();
    bench.media.prompt = promise;
    await bench.invited(2, SECRET, 1);
    bench.room.tell({ pages: [pageOf(2)], was });
    return { bench, allow: resolve };
  }

  it('goes on where it was, with its camera and muted as before', async () => {
    const { bench, allow } = await reloaded();
    expect(bench.room.asked).toEqual([]);
    allow();
    await vi.waitFor(() => expect(bench.room.asked).toEqual(['enter old page']), { timeout: 10_000 });
    expect(bench.room.own).toMatchObject({ muted: true, camera: true });
  });

  it('does not go on with a call that was left while the browser still asked for the devices', async () => {
    const { bench, allow } = await reloaded();
    const { room } = bench;
    bench.desk.leaveCall();
    allow();
    await bench.clock.pass(100);
    expect(room.asked).toEqual(['leave']);
    expect(bench.calls.active?.ending).toBe('left');
    expect(bench.open).toEqual([]);
  });

  it('asks first when it was away for longer than a reload takes', async () => {
    const bench = new CallsBench({ isReload: true });
    await bench.invited(2, SECRET, 1);
    await bench.clock.pass(31_000);
    bench.room.tell({ pages: [pageOf(2)], was });
    await bench.clock.pass(100);
    expect([bench.room.asked, bench.desk.state.known[0]?.wasIn]).toEqual([[], true]);
  });
});

describe('devices', () => {
  it('are closed where the call that was answered is over by the time they are open', async () => {
    const bench = new CallsBench();
    await bench.invited(2, SECRET, 1);
    bench.room.tell({ pages: [pageOf(2)], rings: true });
    const { promise, resolve } = Promise.withResolvers<void>();
    bench.media.prompt = promise;
    const answered = bench.desk.answerCall(bench.callId, true);
    bench.room.options.events.over();
    resolve();
    expect((await answered)?.code).toBe('call_over');
    expect([bench.media.captures.length, bench.open]).toEqual([2, []]);
  });

  it('are closed where the call of the lobby is over', async () => {
    const bench = new CallsBench();
    await bench.invited(2, SECRET, 1);
    bench.room.tell({ pages: [pageOf(2)] });
    await bench.desk.prepareJoin(bench.callId, true);
    expect(bench.open).toEqual(['microphone', 'camera']);
    bench.room.options.events.over();
    expect((await bench.desk.enterCall())?.code).toBe('call_over');
    expect(bench.open).toEqual([]);
  });

  it('are closed where there is nobody left to call', async () => {
    const bench = new CallsBench();
    await bench.desk.prepareCall({ members: [idOf(2)] }, false);
    bench.entries.clear();
    expect((await bench.desk.enterCall())?.code).toBe('recipient_unknown');
    expect(bench.open).toEqual([]);
  });

  it('are closed where the room of a new call cannot be opened, which is told', async () => {
    const bench = new CallsBench();
    bench.vaultFault = new RelayError('internal');
    expect((await bench.call([2]))?.code).toBe('internal');
    expect([bench.open, bench.calls.active, bench.rooms]).toEqual([[], undefined, []]);
  });

  it('stay open in a call, whatever else is refused', async () => {
    const bench = new CallsBench();
    await bench.call([2]);
    expect((await bench.desk.answerCall('another', false))?.code).toBe('call_over');
    expect((await bench.desk.enterCall())?.code).toBe('call_over');
    expect(bench.open).toEqual(['microphone']);
  });
});

describe('a camera', () => {
  const others = (count: number) => Array.from({ length: count }, (_, index) => pageOf(index + 2));

  it('is off as soon as there are too many for it, as the others are told, and comes back when asked for', async () => {
    const bench = new CallsBench();
    await bench.call([2, 3], true);
    const shown = () => bench.desk.state;
    const seen = () => [bench.open, bench.room.own?.camera, bench.room.tracks.get('camera') !== undefined];
    bench.room.tell({ pages: others(7) });
    expect([seen(), shown().active?.isCameraAllowed]).toEqual([[['microphone', 'camera'], true, true], true]);
    bench.room.tell({ pages: others(8) });
    expect(seen()).toEqual([['microphone'], false, false]);
    expect([shown().own.cameraOn, shown().active?.isCameraAllowed]).toEqual([false, false]);
    expect(shown().active?.participants[0]?.hasCamera).toBe(false);
    await bench.desk.setCamera(true);
    expect(seen()).toEqual([['microphone'], false, false]);
    bench.room.tell({ pages: others(7) });
    await bench.desk.setCamera(false);
    expect(seen()).toEqual([['microphone'], false, false]);
    await bench.desk.setCamera(true);
    expect(seen()).toEqual([['microphone', 'camera'], true, true]);
  });

  it('of a lobby is not taken into a call that has become too large for it', async () => {
    const bench = new CallsBench();
    await bench.invited(2, SECRET, 1);
    bench.room.tell({ pages: others(7) });
    await bench.desk.prepareJoin(bench.callId, true);
    bench.room.tell({ pages: others(8) });
    const told: (boolean | undefined)[] = [];
    const { enter } = bench.room;
    bench.room.enter = function (own, takes) {
      told.push(own.camera, this.tracks.get('camera') !== undefined);
      enter.call(this, own, takes);
    };
    await bench.desk.enterCall();
    expect([bench.open, told]).toEqual([['microphone'], [false, false]]);
  });
});

describe('push to talk', () => {
  it('switched in mid-call opens and closes the microphone at once, as it is shown', async () => {
    const bench = new CallsBench();
    await bench.call([2]);
    bench.media.level = 0.5;
    const seen = () => [bench.media.open[0]?.isEnabled, bench.desk.state.own.level];
    expect(seen()).toEqual([true, 0.5]);
    bench.set({ pushToTalk: true });
    expect(seen()).toEqual([false, 0]);
    bench.desk.setTalking(true);
    expect(seen()).toEqual([true, 0.5]);
    bench.set({ pushToTalk: false });
    expect([seen(), bench.desk.state.own]).toMatchObject([[true, 0.5], { isTalking: false, muted: false }]);
    bench.set({ pushToTalk: true });
    expect(seen()).toEqual([false, 0]);
  });
});

describe('a call that could not be told to anybody', () => {
  it('breaks off, with the reason', async () => {
    const bench = new CallsBench();
    bench.postFault = new RelayError('storage_unavailable');
    expect((await bench.call([2]))?.code).toBe('storage_unavailable');
    expect(bench.calls.active).toMatchObject({ ending: 'failed', fault: { code: 'storage_unavailable' } });
    expect(bench.open).toEqual([]);
  });
});

describe('the list of a call', () => {
  it('is kept when this member leaves and may come back, with those who were added', async () => {
    const bench = new CallsBench();
    await bench.call([2]);
    bench.room.tell({ pages: [pageOf(2)] });
    bench.room.add([idOf(3)], idOf(4));
    bench.room.tell({ pages: [pageOf(3)] });
    const [before] = bench.rooms;
    bench.desk.leaveCall();
    await vi.waitFor(() => expect(bench.rooms).toHaveLength(2), { timeout: 10_000 });
    expect(bench.room).not.toBe(before);
    await vi.waitFor(() => expect(bench.room.snapshot.members).toHaveLength(3), { timeout: 10_000 });
    expect(bench.room.snapshot.members).toMatchObject([
      { member: idOf(1), addedBy: undefined },
      { member: idOf(2), addedBy: undefined },
      { member: idOf(3), addedBy: idOf(4) },
    ]);
  });

  it('grows by a later invitation of somebody who is on it, and by nobody else’s', async () => {
    const bench = new CallsBench();
    await bench.invited(2, SECRET, 1);
    await bench.invited(3, SECRET, 1, 4);
    expect(bench.room.snapshot.members).toHaveLength(2);
    await bench.invited(2, SECRET, 1, 3);
    expect(bench.rooms).toHaveLength(1);
    expect(bench.room.snapshot.members.map(({ member }) => member)).toEqual([2, 1, 3].map(idOf));
  });
});

describe('ringing', () => {
  it('ends at who has answered, so that no other window of theirs rings once that one has left', async () => {
    const bench = new CallsBench();
    await bench.call([2, 3]);
    const members = [listed(1), listed(2, { wasIn: true }), listed(3)];
    bench.room.tell({ pages: [pageOf(2), pageOf(3, { at: 'watching' })], members });
    expect(bench.room.own?.rings).toEqual([idOf(3)]);
    bench.room.tell({ members: [listed(1), listed(2, { wasIn: true }), listed(3, { hasDeclined: true })] });
    expect(bench.room.own?.rings).toEqual([]);
  });
});

describe('adding somebody', () => {
  it('rings at the added one alone, for as long as a call rings', async () => {
    const bench = new CallsBench();
    await bench.call([2, 3]);
    bench.room.tell({ pages: [pageOf(2), pageOf(3, { at: 'watching' })] });
    await bench.clock.pass(46_000);
    expect(bench.room.own?.rings).toEqual([]);
    await bench.desk.addToCall([idOf(3), idOf(4)]);
    expect(bench.room.own?.rings).toEqual([idOf(4)]);
    expect(bench.posted).toEqual(['call in with 2', 'call in with 3', 'call in with 4']);
    await bench.clock.pass(44_000);
    expect(bench.room.own?.rings).toEqual([idOf(4)]);
    await bench.clock.pass(2_000);
    expect(bench.room.own?.rings).toEqual([]);
  });

  it('makes nobody ring for longer who was called before', async () => {
    const bench = new CallsBench();
    await bench.call([2, 3]);
    bench.room.tell({
      pages: [pageOf(2), pageOf(3, { at: 'watching' })],
      members: [1, 2, 3].map((one) => listed(one)),
    });
    await bench.clock.pass(20_000);
    await bench.desk.addToCall([idOf(4)]);
    expect(bench.room.own?.rings).toEqual([2, 3, 4].map(idOf));
    await bench.clock.pass(26_000);
    expect(bench.room.own?.rings).toEqual([idOf(4)]);
  });

  it('is refused once the call is over', async () => {
    const bench = new CallsBench();
    expect((await bench.desk.addToCall([idOf(3)]))?.code).toBe('call_over');
  });
});
