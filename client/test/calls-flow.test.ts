import { RelayError } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { candidate, edge } from './support/flow-edge.ts';

describe('a flow', () => {
  it('sends in order however long sealing takes, and again what is not acknowledged, ever more slowly', async () => {
    const { clock, flow, world, names, hand, state } = edge();
    let ms = 300;
    world.sealMs = () => {
      ms = 310 - ms;
      return ms;
    };
    flow.sendState();
    for (const name of ['a', 'b']) flow.sendMedia(candidate(name));
    await clock.pass(1_000);
    const all = ['state 1', 'candidate 2', 'candidate 3'];
    expect(names()).toEqual(all);
    hand(state(1, 1));
    await clock.pass(700);
    await clock.pass(2_500);
    expect(names()).toEqual([...all, 'ack 3', 'candidate 2', 'candidate 3']);
    const before = names().length;
    await clock.pass(60_000);
    expect(names().length - before).toBeLessThan(20);
    flow.stop();
    expect(clock.waits).toBe(0);
  });

  it('says the newest state once, where an older one still waits', async () => {
    const { clock, flow, names } = edge();
    for (let i = 0; i < 5; i++) flow.sendState();
    await clock.pass(100);
    expect(names()).toEqual(['state 1', 'state 2']);
    flow.stop();
  });

  it('sends what is given to it just when the last one has gone out', async () => {
    for (let turns = 0; turns < 8; turns++) {
      const { clock, flow, world, names } = edge();
      world.send = async () => {
        world.send = async () => {};
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        flow.sendMedia(candidate('late'));
      };
      flow.sendState();
      await clock.pass(100);
      expect(names()).toEqual(['state 1', 'candidate 2']);
      flow.stop();
    }
  });

  it('has so many signals on their way at most', async () => {
    const { clock, flow, sent, hand, state } = edge();
    flow.sendState();
    for (let i = 0; i < 50; i++) flow.sendMedia(candidate(`${i}`));
    await clock.pass(100);
    expect(sent).toHaveLength(32);
    hand(state(1, 32));
    await clock.pass(100);
    expect(sent.at(-1)?.n).toBe(51);
    flow.stop();
  });

  it('takes only the next signal, in order however long opening takes', async () => {
    const { clock, flow, taken, refused, hand, state, world } = edge();
    let ms = 300;
    world.openMs = () => {
      ms = 310 - ms;
      return ms;
    };
    for (const n of [1, 2, 2, 1, 4, 3]) hand(state(n));
    await clock.pass(3_000);
    expect(taken.map(([{ n }]) => n)).toEqual([1, 2, 3]);
    expect(refused).toEqual(['signal_order', 'signal_order', 'signal_order']);
    flow.stop();
  });

  it('acknowledges alone after half a second, and at once with what it sends', async () => {
    const { clock, flow, sent, hand, state } = edge();
    hand(state(1));
    await clock.pass(400);
    expect(sent).toEqual([]);
    await clock.pass(200);
    expect(sent).toEqual([{ n: 0, ack: 1, kind: 'ack', body: {} }]);
    hand(state(2));
    await clock.pass(100);
    flow.sendState();
    await clock.pass(1_000);
    expect(sent.map(({ kind, ack }) => [kind, ack])).toEqual([
      ['ack', 1],
      ['state', 2],
    ]);
    flow.stop();
  });

  it('acknowledges again what comes again', async () => {
    const { clock, flow, sent, hand, state } = edge();
    hand(state(1));
    await clock.pass(1_000);
    hand(state(1));
    await clock.pass(1_000);
    expect(sent.map(({ ack }) => ack)).toEqual([1, 1]);
    flow.stop();
  });

  it('begins with a state, and believes no acknowledgement of what was not sent', async () => {
    const { clock, flow, taken, refused, hand, state } = edge();
    hand({ n: 1, ack: 0, ...candidate('a') });
    hand(state(1, 7));
    await clock.pass(100);
    expect(taken).toEqual([]);
    expect(refused).toEqual(['signal_order', 'signal_malformed']);
    flow.stop();
  });

  it('is not disturbed by what cannot be opened', async () => {
    const { clock, flow, taken, refused, hand, state } = edge();
    hand(new RelayError('signal_forged'));
    hand(new RelayError('signal_malformed'));
    hand(new Error('This work has ended.'));
    hand(state(1));
    await clock.pass(100);
    expect(refused).toEqual(['signal_forged', 'signal_malformed']);
    expect(taken).toHaveLength(1);
    flow.stop();
  });

  it('opens no flood', async () => {
    const { clock, flow, refused, world, hand } = edge();
    world.openMs = () => 1;
    for (let i = 0; i < 200; i++) hand(new RelayError('signal_forged'));
    await clock.pass(1_000);
    expect(refused).toHaveLength(64);
    flow.stop();
  });

  it('tells what was written before the other side knew of a reset', async () => {
    const { clock, flow, sent, taken, hand, state } = edge();
    flow.sendState();
    await clock.pass(10);
    hand(state(1, 1));
    await clock.pass(10);
    flow.sendMedia(candidate('old, on its way'));
    flow.reset();
    await clock.pass(10);
    expect(flow.hasOpenReset).toBe(true);
    hand({ n: 2, ack: 2, ...candidate('before') });
    hand({ n: 3, ack: 3, ...candidate('after') });
    await clock.pass(10);
    expect(taken.map(([, isCurrent]) => isCurrent)).toEqual([true, false, true]);
    expect(sent.map(({ kind }) => kind)).toEqual(['state', 'candidate', 'bye', 'state']);
    expect(flow.hasOpenReset).toBe(false);
    flow.stop();
  });

  it('drops what waits for a connection that ended', async () => {
    const { clock, flow, names } = edge();
    flow.sendState();
    flow.sendMedia(candidate('a'));
    flow.forgetMedia();
    await clock.pass(10);
    expect(names()).toEqual(['state 1']);
    flow.stop();
  });

  it('gives up a signal that cannot be sealed, and goes on', async () => {
    const { clock, flow, world, told, names } = edge();
    world.seal = async () => {
      throw new RelayError('signal_malformed');
    };
    flow.sendState();
    await clock.pass(10);
    world.seal = async () => {};
    flow.sendState();
    await clock.pass(10);
    expect(told.failed).toBe(1);
    expect(names()).toEqual(['state 1']);
    flow.stop();
  });

  it('tells that the recipient has left, and takes every other fault for a loss', async () => {
    const { clock, flow, world, told } = edge();
    world.send = async () => {
      throw new RelayError('rate_limited');
    };
    flow.sendState();
    await clock.pass(10);
    expect(told.gone).toBe(0);
    world.send = async () => {
      throw new RelayError('seat_unknown');
    };
    await clock.pass(2_000);
    expect(told.gone).toBe(1);
    flow.stop();
  });
});
