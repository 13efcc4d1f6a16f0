import { fromHex } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import type { Book, Entry } from '../src/state/book.ts';
import { Call } from '../src/state/calls/call.ts';
import { endingOf } from '../src/state/calls/ending.ts';
import type { HangupParts } from '../src/state/calls/hangups.ts';
import { hangUp } from '../src/state/calls/hangups.ts';
import type { CallRoom, MemberView, PageView, RoomOptions } from '../src/state/calls/room/room.ts';
import { FakeRoom, idOf, listed, pageOf } from './support/calls-bench.ts';
import { RoomClock } from './support/room-clock.ts';

const [SELF, BEGAN] = [idOf(1), 1_000_000];

/** A call of member 1 with 2 and 3, as this page knows it. */
function bench({ isBegunHere = true, conversations = ['with 2', 'with 3'] } = {}) {
  const clock = new RoomClock();
  const members = [1, 2, 3].map(idOf);
  const room = new FakeRoom({ members, events: { changed() {} } } as unknown as RoomOptions);
  const invitation = {
    secret: new Uint8Array(32),
    members,
    camera: false,
    until: BEGAN + 1,
    from: SELF,
    conversations,
  };
  const call = new Call('ab'.repeat(32), invitation, room as unknown as CallRoom, isBegunHere);
  const tell = (pages: PageView[], ...changes: MemberView[]) => {
    const views = members.map(
      (id) => changes.find(({ member }) => member === id) ?? { ...listed(0), member: id },
    );
    room.snapshot = { ...room.snapshot, at: 'in', pages, members: views };
    call.take(room.snapshot, clock.now());
  };
  return { clock, call, tell, ring: () => call.ring([2, 3].map(idOf), clock.after) };
}

describe('a call that this page is in', () => {
  const ends = ({ call, clock }: ReturnType<typeof bench>, ms = 1_000) =>
    endingOf(call, SELF, clock.now() - ms, clock.now());

  it('goes on while somebody else is in', () => {
    const it = bench();
    it.tell([pageOf(2)]);
    expect(ends(it, 100_000)).toBeUndefined();
  });

  it('is unanswered once it has rung for long enough, and not before', () => {
    const it = bench();
    it.tell([pageOf(2, { at: 'watching' })]);
    expect([ends(it, 44_999), ends(it, 45_000)]).toEqual([undefined, 'unanswered']);
  });

  it('is declined when everyone did, and busy when somebody only could not', () => {
    const it = bench();
    const declined = (number: number) => listed(number, { hasDeclined: true });
    it.tell([], declined(2));
    expect(ends(it)).toBeUndefined();
    it.tell([], declined(2), declined(3));
    expect(ends(it)).toBe('declined');
    it.tell([pageOf(3, { at: 'busy' })], declined(2));
    expect(ends(it)).toBe('busy');
  });

  it('ends for the last, but not while it rings at somebody who may still come', async () => {
    const it = bench();
    it.ring();
    it.tell([pageOf(2), pageOf(3, { at: 'watching' })], listed(2, { wasIn: true }));
    it.tell([pageOf(3, { at: 'watching' })], listed(2, { wasIn: true }));
    expect(ends(it)).toBeUndefined();
    await it.clock.pass(46_000);
    expect(ends(it)).toBe('alone');
  });

  it('ends for the last where only who has answered before looks on', () => {
    const it = bench();
    it.ring();
    it.tell([pageOf(2), pageOf(3)], listed(2, { wasIn: true }), listed(3, { wasIn: true }));
    it.tell([pageOf(3, { at: 'watching' })], listed(2, { wasIn: true }), listed(3, { wasIn: true }));
    expect(ends(it)).toBe('alone');
  });
});

describe('a hangup', () => {
  async function posts(it: ReturnType<typeof bench>, kind: Entry['kind'] = 'direct', isHungUp = false) {
    const posted: { id: string; body: { seconds: number; joined: Uint8Array[]; declined: Uint8Array[] } }[] =
      [];
    const entry = (id: string) => ({ kind, history: { id, isHungUp: () => isHungUp } }) as unknown as Entry;
    const entries = new Map(['with 2', 'with 3'].map((id) => [id, entry(id)]));
    await hangUp(it.call, SELF, {
      book: { entries, recipientsOf: () => ['somebody'] } as unknown as Book,
      poster: {
        post: async ({ history }: Entry, { body }: { body: (typeof posted)[0]['body'] }) =>
          posted.push({ id: history.id, body }),
      } as unknown as HangupParts['poster'],
      now: it.clock.now,
      inTurn: (work) => work(),
    });
    return posted;
  }

  it('tells in every direct conversation who was in, who declined, and for how long', async () => {
    const it = bench();
    it.tell([pageOf(2)], listed(2, { wasIn: true }), listed(3, { hasDeclined: true }));
    await it.clock.pass(61_400);
    const told = await posts(it);
    expect(told.map(({ id }) => id)).toEqual(['with 2', 'with 3']);
    expect(told[0]?.body).toEqual({
      room: fromHex('ab'.repeat(32)),
      seconds: 61,
      joined: [2, 1].map((number) => fromHex(idOf(number))),
      declined: [fromHex(idOf(3))],
    });
  });

  it('of a call that nobody took names nobody, and only who began it sends it', async () => {
    const began = bench();
    began.tell([pageOf(2, { at: 'watching' })]);
    expect((await posts(began)).map(({ body }) => [body.seconds, body.joined])).toEqual([
      [0, []],
      [0, []],
    ]);
    const heard = bench({ isBegunHere: false });
    heard.tell([pageOf(2, { at: 'watching' })]);
    expect(await posts(heard)).toEqual([]);
  });

  it('in a group is sent by the last alone, unless it was told before', async () => {
    const it = bench({ conversations: ['with 2'] });
    it.tell([pageOf(2)], listed(2, { wasIn: true }));
    expect(await posts(it, 'group')).toEqual([]);
    it.tell([], listed(2, { wasIn: true }));
    expect(await posts(it, 'group')).toHaveLength(1);
    expect(await posts(it, 'group', true)).toEqual([]);
  });
});
