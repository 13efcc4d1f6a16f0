import { fromHex } from '@relay/protocol';
import { describe, expect, it, vi } from 'vitest';
import { RoomIds } from '../src/state/calls/room-ids.ts';
import type { CallStanding } from '../src/state/history/history.ts';
import type { CallItem } from '../src/state/model.ts';
import { BOB, CALL, CAROL, Chronicle, context, historyOf, id32, SELF } from './support/chronicle.ts';

const MALLORY = id32(0xbad);
const PAIR = { members: [fromHex(SELF), fromHex(BOB)] };
const OWN = { author: SELF };

const inPhase = (phase: CallStanding['phase']) => context({ callOf: () => ({ id: CALL, phase }) });

function callsOf(book: Chronicle, phase: CallStanding['phase'] = 'unknown'): CallItem[] {
  const items = historyOf(book.records.toReversed()).items(inPhase(phase));
  return items.filter((item) => item.type === 'call');
}

/** The one call's outcome, and its length where it has one. */
function outcome(book: Chronicle, phase?: CallStanding['phase']): string {
  const [call, ...more] = callsOf(book, phase);
  expect(more).toEqual([]);
  return call === undefined ? 'none' : [call.outcome, call.seconds].filter(Boolean).join(' ');
}

describe('a call in its conversation', () => {
  it('says who called, and how', () => {
    const book = new Chronicle();
    const record = book.call({ camera: true });
    const author = { id: BOB };
    expect(callsOf(book)).toMatchObject([
      { key: record.hash, at: record.at, author, own: false, callId: CALL, camera: true },
    ]);
  });

  it('goes on or is over as the room tells, and is unknown before that', () => {
    const book = new Chronicle();
    book.call();
    expect(['unknown', 'ongoing', 'over'].map((phase) => outcome(book, phase as 'over'))).toEqual([
      'unknown',
      'ongoing',
      'missed',
    ]);
    const own = new Chronicle();
    own.call({}, OWN);
    expect(['unknown', 'over'].map((phase) => outcome(own, phase as 'over'))).toEqual([
      'unknown',
      'unanswered',
    ]);
  });

  it.each([
    ['answered 9', [SELF, BOB], []],
    ['declined 9', [BOB, CAROL], [SELF]],
    ['missed 9', [BOB, CAROL], []],
    // Declined in one window, and joined after all.
    ['answered 9', [SELF, BOB], [SELF]],
  ])('was %s for who was called', (expected, joined, declined) => {
    const book = new Chronicle();
    book.call();
    book.hangup(9, joined, declined);
    expect(outcome(book)).toBe(expected);
    // While somebody is in it, it goes on all the same.
    expect(outcome(book, 'ongoing')).toBe('ongoing 9');
  });

  it.each([
    ['answered', [SELF, BOB], [], PAIR],
    ['declined', [SELF], [BOB], PAIR],
    ['unanswered', [SELF], [], PAIR],
    // Several who are called decline each for itself.
    ['unanswered', [SELF], [BOB, CAROL], {}],
  ])('was %s for the caller', (expected, joined, declined, body) => {
    const book = new Chronicle();
    book.call(body, OWN);
    book.hangup(0, joined, declined, OWN);
    expect(outcome(book)).toBe(expected);
  });

  it('went as all hangups say together', () => {
    const book = new Chronicle();
    book.call();
    book.hangup(3, [BOB]);
    book.hangup(70, [SELF, BOB], [], OWN);
    book.hangup(5, [BOB, CAROL], [], { author: CAROL });
    expect(outcome(book)).toBe('answered 70');
  });

  it('does not go as those say who may not take part, or in another room', () => {
    const book = new Chronicle();
    book.call(PAIR);
    book.hangup(3, [SELF, CAROL], [], { author: CAROL });
    book.write('hangup', { room: fromHex(id32(7)), seconds: 4, joined: [fromHex(SELF)], declined: [] });
    expect(outcome(book)).toBe('unknown');
  });

  it('is one, however often its invitation was sent, with everyone that any of them names', () => {
    const book = new Chronicle();
    const first = book.call(PAIR);
    book.call({}, { author: SELF });
    book.hangup(3, [SELF, BOB], [], { author: CAROL });
    expect(callsOf(book)).toMatchObject([{ key: first.hash, own: false, outcome: 'answered' }]);
  });

  it('is none where this member or the caller may not take part, or it was deleted', () => {
    for (const members of [
      [BOB, CAROL],
      [SELF, CAROL],
    ]) {
      const book = new Chronicle();
      book.call({ members: members.map((id) => fromHex(id)) });
      expect(outcome(book)).toBe('none');
    }
    const book = new Chronicle();
    book.delete(book.call());
    expect(outcome(book)).toBe('none');
    const foreign = new Chronicle();
    foreign.delete(foreign.call(), { author: MALLORY });
    expect(outcome(foreign)).toBe('unknown');
  });

  it('appears once its room has a name', () => {
    const book = new Chronicle();
    book.call();
    const history = historyOf(book.records);
    expect(history.items(context({ callOf: () => undefined }))).toEqual([]);
    expect(history.items(inPhase('ongoing'))).toMatchObject([{ outcome: 'ongoing' }]);
  });
});

describe('a call is unread', () => {
  it('once it was missed, and only then', () => {
    const book = new Chronicle();
    const call = book.call();
    const history = historyOf(book.records, true);
    for (const phase of ['unknown', 'ongoing'] as const) {
      history.items(inPhase(phase));
      // Whoever looks on while it rings has not seen yet that it will be missed.
      expect([history.unread, history.markRead()]).toEqual([0, []]);
    }
    history.items(inPhase('over'));
    expect([history.unread, history.firstUnread]).toEqual([1, call.hash]);
    expect(history.markRead()).toEqual([call.hash]);
    history.items(inPhase('over'));
    expect(history.unread).toBe(0);
  });

  it('no more when another window tells that it was answered there', () => {
    const book = new Chronicle();
    book.call();
    const history = historyOf(book.records, true);
    history.items(inPhase('over'));
    expect(history.unread).toBe(1);
    history.add(book.hangup(9, [SELF, BOB], [], OWN), { isUnread: false });
    history.items(inPhase('over'));
    expect(history.unread).toBe(0);
  });

  it('never where this member called', () => {
    const book = new Chronicle();
    book.call({}, OWN);
    const history = historyOf(book.records, true);
    history.items(inPhase('over'));
    expect(history.unread).toBe(0);
  });
});

it('a room is named once, and tells when it is', async () => {
  const changed = vi.fn();
  const rooms = new RoomIds(changed);
  const secret = fromHex(CALL);
  expect([rooms.idOf(secret), rooms.idOf(secret.slice())]).toEqual([undefined, undefined]);
  await vi.waitFor(() => expect(changed).toHaveBeenCalled(), { timeout: 10_000 });
  expect(changed).toHaveBeenCalledOnce();
  expect(rooms.idOf(secret)).toMatch(/^[0-9a-f]{64}$/);
});
