import type { Signal } from '@relay/protocol';
import { fromHex, hex } from '@relay/protocol';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Description } from '../src/media/media.ts';
import { connectionOf, RealCall } from './support/real-call.ts';
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

describe('a member who misbehaves', () => {
  it('and is not on the list gets no answer, and is reported', async () => {
    const { alice, bob } = await world.call();
    await world.until(() => connectionOf(alice, bob) === 'connected');
    const { seat, others, send, state } = await world.byHand([1, 2, 3]);
    for (const to of others) await send({ n: 1, ack: 0, kind: 'state', body: state }, to);
    await world.pass(120);
    for (const page of [alice, bob]) {
      expect(page.refusals.filter(({ code }) => code === 'signal_unlisted')).toHaveLength(1);
      expect(page.room.snapshot.pages).toHaveLength(1);
      expect(page.room.snapshot.members).toHaveLength(2);
    }
    expect(world.relay.seen.some(({ to }) => to === seat)).toBe(false);
  });

  it('cannot take over another member’s page, nor this one’s', async () => {
    const alice = await world.open(1, 'aa'.repeat(16), [1, 2, 3]);
    const bob = await world.open(2, 'bb'.repeat(16), [1, 2, 3]);
    await world.until(
      () => connectionOf(alice, bob) === 'connected' && connectionOf(bob, alice) === 'connected',
    );
    const { others, send, state } = await world.byHand([1, 2, 3]);
    const page = fromHex(bob.room.page);
    for (const to of others) {
      await send({ n: 1, ack: 0, kind: 'state', body: { ...state, page, takes: [page] } }, to);
      await send({ n: 2, ack: 0, kind: 'bye', body: {} }, to);
    }
    await world.pass(20);
    expect([connectionOf(alice, bob), connectionOf(bob, alice)]).toEqual(['connected', 'connected']);
    expect(bob.room.snapshot.at).toBe('in');
  });

  it('and changes its page, or uses that of another window, is not followed', async () => {
    const { alice, bob } = await world.call();
    await world.until(() => connectionOf(alice, bob) === 'connected');
    const { others, owners, send, state } = await world.byHand([1, 2], 2);
    const [to, own] = [alice, bob].map(({ id }) => others[owners.indexOf(id)] as string) as [string, string];
    await send({ n: 1, ack: 0, kind: 'state', body: state }, to);
    await send({ n: 2, ack: 0, kind: 'state', body: { ...state, page: new Uint8Array(16) } }, to);
    await send({ n: 1, ack: 0, kind: 'state', body: { ...state, page: fromHex(bob.room.page) } }, own);
    await world.pass(20);
    expect(alice.refusals).toEqual([{ code: 'signal_malformed', member: bob.id }]);
    expect(alice.room.snapshot.pages.map(({ page }) => page)).toEqual([bob.room.page, hex(state.page)]);
    expect(bob.refusals).toEqual([{ code: 'signal_malformed', member: bob.id }]);
    expect(bob.room.snapshot.at).toBe('in');
  });

  it('and names a second certificate is refused and shown with the reason, and nobody else is', async () => {
    const alice = await world.open(1, 'aa'.repeat(16), [1, 2, 3]);
    const bob = await world.open(2, 'bb'.repeat(16), [1, 2, 3]);
    await world.until(() => connectionOf(alice, bob) === 'connected');
    const { others, owners, send, state } = await world.byHand([1, 2, 3]);
    const to = others[owners.indexOf(alice.id)] as string;
    const describe = (n: number, cert: string): Signal => {
      const body: Description = { type: 'offer', sdp: JSON.stringify({ id: n, cert, ufrag: 'x' }) };
      return { n, ack: 0, kind: 'description', body };
    };
    await send({ n: 1, ack: 0, kind: 'state', body: state }, to);
    await send(describe(2, 'cert x'), to);
    await world.pass(20);
    expect(alice.refusals).toEqual([]);
    await send(describe(3, 'cert y'), to);
    await world.until(() => alice.refusals.length > 0);
    const third = world.maker.ids[2] as string;
    expect(alice.refusals).toEqual([{ code: 'description_refused', member: third }]);
    const view = alice.room.snapshot.pages.find(({ member }) => member === third);
    expect(view).toMatchObject({
      connection: 'refused',
      streams: {},
      fault: { code: 'description_refused' },
    });
    expect(world.media.open.filter(({ page }) => page === alice.room.page)).toHaveLength(1);
    expect(connectionOf(alice, bob)).toBe('connected');
    await send(describe(4, 'cert x'), to);
    await world.pass(20);
    expect(alice.refusals).toHaveLength(1);
  });

  it('and connects with another certificate than it described is refused before anything is played', async () => {
    const alice = await world.open(1, 'aa'.repeat(16));
    const bob = await world.open(2, 'bb'.repeat(16));
    await world.until(() => world.media.open.length === 2);
    for (const one of world.media.open) one.isForged = one.page === alice.room.page;
    await world.until(() => alice.refusals.length > 0);
    expect(alice.refusals).toEqual([{ code: 'description_refused', member: bob.id }]);
    expect(alice.room.snapshot.pages[0]).toMatchObject({ connection: 'refused', streams: {} });
  });
});
