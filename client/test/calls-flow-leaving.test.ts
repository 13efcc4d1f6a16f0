import { RelayError } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { candidate, edge } from './support/flow-edge.ts';

describe('a flow that ends', () => {
  it('says goodbye as the last thing, also behind what is being sealed', async () => {
    const { clock, flow, world, names, hand } = edge();
    world.sealMs = () => 50;
    flow.sendState();
    for (const name of ['a', 'b', 'c']) flow.sendMedia(candidate(name));
    const left = flow.leave();
    await clock.pass(500);
    expect(names()).toEqual(['state 1', 'bye 2']);
    hand({ n: 0, ack: 2, kind: 'ack', body: {} });
    await clock.pass(10);
    await left;
    expect(clock.waits).toBe(0);
  });

  it('says goodbye again where it was lost, or something before it, and no more once it is heard', async () => {
    const { clock, flow, world, names, hand, state } = edge();
    world.send = async () => {
      throw new RelayError('rate_limited');
    };
    flow.sendState();
    const left = flow.leave();
    await clock.pass(1_000);
    expect(names()).toEqual(['state 1', 'bye 2']);
    world.send = async () => {};
    await clock.pass(1_500);
    expect(names().slice(2)).toEqual(['state 1', 'bye 2']);
    hand(state(1, 2));
    await clock.pass(10);
    await left;
    await clock.pass(20_000);
    expect(names()).toHaveLength(4);
  });

  it('hears that it was heard also while it acknowledges something itself', async () => {
    const { clock, flow, world, hand, state } = edge();
    flow.sendState();
    hand(state(1));
    const left = flow.leave();
    await clock.pass(10);
    hand(state(2));
    await clock.pass(400);
    world.sealMs = () => 200;
    await clock.pass(150);
    hand({ n: 2, ack: 2, kind: 'ack', body: {} });
    await clock.pass(10);
    await left;
    await clock.pass(200);
    expect(clock.waits).toBe(0);
  });

  it('waits for nobody who has gone when it says goodbye', async () => {
    const { clock, flow } = edge();
    flow.sendState();
    const left = flow.leave();
    await clock.pass(10);
    flow.stop();
    await left;
    expect(clock.waits).toBe(0);
  });

  it('tells at once that it has heard a goodbye', async () => {
    const { clock, flow, names, hand, state } = edge();
    hand(state(1));
    await clock.pass(10);
    expect(names()).toEqual([]);
    hand({ n: 2, ack: 0, kind: 'bye', body: {} });
    await clock.pass(10);
    expect(names()).toEqual(['ack 0']);
    flow.stop();
    expect(clock.waits).toBe(0);
  });
});
