import { fromHex } from '@relay/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OpenedRecord } from '../src/crypto/opened.ts';
import type { Item } from '../src/state/model.ts';
import {
  BOB,
  CAROL,
  Chronicle,
  contactOf,
  context,
  historyOf,
  id32,
  messageOf,
  SELF,
} from './support/chronicle.ts';
import { HOUR, NOW } from './support/records.ts';

const step = fc.record({
  kind: fc.constantFrom(
    'text',
    'text',
    'file',
    'poll.vote',
    'reaction',
    'edit',
    'delete',
    'rename',
    'leave',
    'continue',
    'reply',
  ),
  author: fc.constantFrom(SELF, BOB, CAROL),
  /** Of the records before: what it is about, and what it names. */
  target: fc.nat(),
  sees: fc.array(fc.nat(), { maxLength: 3 }),
  word: fc.constantFrom('', 'a', 'b', 'c'),
  at: fc.integer({ min: NOW - 100 * HOUR, max: NOW }),
  doubles: fc.boolean(),
});

/** Records that members could write, honest or not: about their own messages and those of others. */
function written(steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]): OpenedRecord[] {
  const book = new Chronicle();
  for (const { kind, author, target, sees, word, at, doubles } of steps) {
    const pick = (n: number) => book.records[n % Math.max(1, book.records.length)];
    const named = pick(target);
    const after = sees.flatMap((n) => pick(n) ?? []);
    const change = {
      author,
      at,
      after,
      ...(doubles ? { n: 1 } : {}),
      title: [word, at - 5] as [string, number],
    };
    if (kind === 'file') book.file(`${word}.png`, '', change);
    else if (kind === 'poll.vote') book.write(kind, 1, change);
    else if (kind === 'rename') book.write(kind, { name: word }, change);
    else if (kind === 'leave') book.write(kind, {}, change);
    else if (kind === 'continue') book.write(kind, { group: fromHex(id32(target % 3)) }, change);
    else if (named === undefined || kind === 'text') book.text(word, change);
    else if (kind === 'reply') book.text(word, { ...change, reply: named.hash });
    else if (kind === 'reaction') book.react(named, word, change);
    else if (kind === 'edit') book.edit(named, `${word}!`, change);
    else book.delete(named, change);
  }
  return book.records;
}

describe('what is shown', () => {
  it('is the same for the same records, in whatever order they came, and whatever was shown before', () => {
    const cases = fc
      .array(step, { maxLength: 25 })
      .map(written)
      .chain((all) =>
        fc.record({
          all: fc.shuffledSubarray(all),
          hidden: fc.subarray(all),
          discarded: fc.subarray(all.filter(({ author }) => author === SELF)),
          looks: fc.infiniteStream(fc.boolean()),
        }),
      );
    fc.assert(
      fc.property(cases, ({ all, hidden, discarded, looks }) => {
        const sorted = historyOf(
          all.toSorted((a, b) => (a.hash < b.hash ? -1 : 1)),
          true,
        );
        sorted.hide(hidden);
        const other = historyOf([]);
        for (const [i, record] of all.entries()) {
          if (i === all.length >> 1) other.hide(hidden);
          if (looks.next().value) other.items(context());
          other.add(record, { isUnread: true });
        }
        if (all.length === 0) other.hide(hidden);
        for (const { hash } of discarded) for (const history of [sorted, other]) history.discard(hash);
        expect(other.items(context())).toEqual(sorted.items(context()));
        for (const tell of ['name', 'titleToWrite', 'leavers', 'continuations', 'markRead'] as const)
          expect(other[tell]()).toEqual(sorted[tell]());
      }),
      { numRuns: 300 },
    );
  });
});

describe('items that did not change', () => {
  it('are the very same objects, and so is their list', () => {
    const book = new Chronicle();
    const [one, two] = [book.text('1', { author: SELF }), book.file('2', '')] as const;
    book.react(one, '👍');
    const lost = book.text('lost', { author: CAROL });
    book.text('last', { reply: one.hash });
    const history = historyOf(book.records.filter((record) => record !== lost));
    const before = history.items(context());
    // A context that looks everything up anew, to the same effect.
    const same = context({ contactOf: (id) => ({ ...contactOf(id) }), now: NOW + 1 });
    expect(history.items(same)).toBe(before);

    const progress = context({ fileProgressOf: () => ({ phase: 'loading', received: 1 }) });
    const after = history.items(progress);
    const changed = (a: readonly Item[], b: readonly Item[]) => b.filter((item) => !a.includes(item));
    expect(changed(before, after).map(({ key }) => key)).toEqual([two.hash]);

    const read = {
      ...progress,
      recipientsOf: () => [{ contact: contactOf(BOB), delivery: 'read' as const }],
    };
    const later = history.items(read);
    expect(changed(after, later).map(({ key }) => key)).toEqual([one.hash]);
    book.text('new');
    history.add(book.records.at(-1) as OpenedRecord, { isUnread: false });
    expect(changed(later, history.items(read))).toHaveLength(1);
  });

  it('are made anew for whatever was heard or done since', () => {
    const book = new Chronicle();
    const text = book.text('1', { author: SELF });
    const edit = book.edit(text, '2', { author: SELF });
    book.react(text, '👍');
    const deleted = book.text('gone', { author: SELF });
    book.delete(deleted, { author: SELF });
    const history = historyOf(book.records);
    const shown = () => messageOf(history.items(context()), text);
    expect([shown().reactions.length, shown().text, shown().expiresAt]).toEqual([1, '2', undefined]);
    history.add({ ...text }, { isUnread: false, expiresAt: NOW + HOUR });
    expect(shown().expiresAt).toBe(NOW + HOUR);
    history.add(book.react(text, '🎉', { author: CAROL }), { isUnread: false });
    expect(shown().reactions.map(({ emoji }) => emoji)).toEqual(['👍', '🎉']);
    history.discard(edit.hash);
    expect(shown().text).toBe('1');
    expect(history.items(context())).toHaveLength(2);
    history.hide([deleted]);
    expect(history.items(context())).toHaveLength(1);
  });

  it('change when what is missing grows old', () => {
    const book = new Chronicle();
    const lost = book.text('lost', { at: NOW });
    book.text('here');
    const history = historyOf(book.records.slice(1));
    const reasonAt = (now: number) => {
      const [gap] = history.items(context({ now }));
      return gap?.type === 'gap' ? gap.reason : undefined;
    };
    expect([NOW, lost.at + 60 * HOUR, lost.at + 60 * HOUR + 1, NOW].map(reasonAt)).toEqual([
      'missing',
      'missing',
      'expired',
      'missing',
    ]);
  });

  it('cost little in a conversation of 2,000 records', () => {
    const book = new Chronicle();
    for (let n = 0; n < 2_000; n++) {
      const author = [SELF, BOB, CAROL][n % 3] as string;
      const target = book.records[n - 7];
      if (n % 5 === 4 && target !== undefined) book.react(target, '👍', { author });
      else if (n % 11 === 10 && target !== undefined) book.edit(target, 'edited', { author: target.author });
      else book.text(`text ${n}`, { author, ...(n % 4 === 3 && target ? { reply: target.hash } : {}) });
    }
    const history = historyOf(book.records, true);
    history.items(context());
    const took = (work: () => void) => {
      const began = performance.now();
      work();
      return performance.now() - began;
    };
    const rounds = Array.from({ length: 9 }, () => {
      const unchanged = took(() => history.items(context()));
      const record = book.text('more');
      history.add(record, { isUnread: true });
      let items: readonly Item[] = [];
      const changed = took(() => {
        items = history.items(context());
      });
      expect(messageOf(items, record).text).toBe('more');
      return { unchanged, changed, unread: took(() => history.unread) };
    });
    const median = (name: 'unchanged' | 'changed' | 'unread') =>
      rounds.map((round) => round[name]).toSorted((a, b) => a - b)[4] ?? 0;
    // Beside the work of a change in the same run: whatever the machine does else, it does to both.
    expect(median('unchanged')).toBeLessThan(median('changed') / 2);
    expect(median('unread')).toBeLessThan(median('changed') / 2);
  });
});
