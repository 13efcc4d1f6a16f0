import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimelineEntry, TimelineRecord } from '../src/state/history/timeline.ts';
import { Timeline } from '../src/state/history/timeline.ts';
import { HOUR, histories, NOW, nameOf, record } from './support/records.ts';

function timelineOf(records: readonly TimelineRecord[]): Timeline<TimelineRecord> {
  const timeline = new Timeline<TimelineRecord>();
  for (const one of records) timeline.add(one);
  return timeline;
}

function hashes(entries: readonly TimelineEntry<TimelineRecord>[]): string[] {
  return entries.flatMap((entry) => (entry.type === 'record' ? [entry.record.hash] : []));
}

describe('a timeline', () => {
  it('is the same for the same records, in whatever order and however often they came', () => {
    const cases = histories.chain((all) => fc.tuple(fc.subarray(all), fc.infiniteStream(fc.nat())));
    fc.assert(
      fc.property(cases, ([records, picks]) => {
        const keyed = records.map((one) => ({ one, key: picks.next().value as number }));
        const shuffled = keyed.toSorted((a, b) => a.key - b.key).map(({ one }) => one);
        const again = timelineOf([...shuffled, ...records]);
        expect(again.entries(NOW, 'me')).toEqual(timelineOf(records).entries(NOW, 'me'));
        expect(again.heads('x')).toEqual(timelineOf(records).heads('x'));
      }),
      { numRuns: 200 },
    );
  });

  it('holds every record once, after all that it names, whatever the clocks say', () => {
    fc.assert(
      fc.property(
        histories.chain((all) => fc.shuffledSubarray(all)),
        (records) => {
          const order = hashes(timelineOf(records).entries(NOW, 'me'));
          expect(order.toSorted()).toEqual(records.map(({ hash }) => hash).toSorted());
          for (const { hash, references } of records)
            for (const named of references)
              expect(order.indexOf(named.hash)).toBeLessThan(order.indexOf(hash));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('puts records that do not name each other in the order of time, then of hash', () => {
    const at = NOW;
    const late = record('a', 'x', 1, [], { at: at + 5 });
    const same = ['c', 'a', 'b'].map((writer) => record('b', writer, 1, [], { at }));
    expect(hashes(timelineOf([late, ...same]).entries(NOW, 'me'))).toEqual(['ba1', 'bb1', 'bc1', 'ax1']);
  });

  it('has as heads what no record names, except of the writer itself', () => {
    const first = record('a', 'x', 1);
    const second = record('b', 'y', 1, [nameOf(first)]);
    const third = record('b', 'z', 1, [nameOf(first)]);
    const timeline = timelineOf([first, second, third]);
    expect(timeline.heads('w').map(({ hash }) => hash)).toEqual(['by1', 'bz1']);
    expect(timeline.heads('y').map(({ hash }) => hash)).toEqual(['bz1']);
  });

  it('drops the very same record, and keeps two that claim one place or one id, marked', () => {
    const timeline = new Timeline<TimelineRecord>();
    expect(timeline.add(record('a', 'x', 1))).toBe('new');
    expect(timeline.add(record('a', 'x', 1))).toBe('duplicate');
    expect(timeline.add(record('a', 'x', 1, [], { hash: 'other', id: 'other' }))).toBe('equivocation');
    expect(timeline.add(record('a', 'x', 2))).toBe('new');
    expect(timeline.add(record('a', 'y', 7, [], { id: 'id ax2' }))).toBe('equivocation');
    // The same number of another writer, or of another author with the same writer id, is another place.
    expect(timeline.add(record('a', 'z', 3))).toBe('new');
    expect(timeline.add(record('b', 'z', 3))).toBe('new');
    // Nobody can mark another's message by taking its id.
    expect(timeline.add(record('b', 'q', 1, [], { id: 'id az3' }))).toBe('new');
    expect(timeline.size).toBe(7);
    const marked = timeline.entries(NOW, 'me').flatMap((entry) => (entry.type === 'record' ? [entry] : []));
    const unmarked = marked.filter(({ equivocates }) => !equivocates).map((entry) => entry.record.hash);
    expect(unmarked.toSorted()).toEqual(['az3', 'bq1', 'bz3']);
  });

  it('is made anew only when something was added or forgiven, a gap grew old, or somebody else asks', () => {
    const [one, two] = [record('a', 'x', 1, [], { at: NOW }), record('a', 'x', 2)];
    const timeline = timelineOf([{ ...two, references: [nameOf(one)] }]);
    const { records } = timeline;
    const first = timeline.entries(NOW, 'me');
    expect(timeline.entries(NOW + 60 * HOUR, 'me')).toBe(first);
    expect(timeline.records).toBe(records);
    expect(timeline.entries(NOW, 'a')).not.toEqual(first);
    expect(timeline.entries(NOW + 60 * HOUR + 1, 'me')).not.toEqual(first);
    expect(timeline.entries(NOW, 'me')).toEqual(first);
    timeline.forgive(one);
    expect(hashes(timeline.entries(NOW, 'me'))).toEqual(['ax2']);
    expect(timeline.entries(NOW, 'me')).toHaveLength(1);
    timeline.add(one);
    expect(hashes(timeline.entries(NOW, 'me'))).toEqual(['ax1', 'ax2']);
    expect(timeline.records.map(({ hash }) => hash)).toEqual(['ax1', 'ax2']);
  });

  it('orders a chain of 5,000 records with hostile clocks in a moment', () => {
    const chain: TimelineRecord[] = [];
    for (let n = 1; n <= 5_000; n++) {
      const at = n % 2 === 0 ? NOW - n : NOW + n;
      chain.push(record('a', 'x', n, chain.slice(-1).map(nameOf), { at }));
    }
    const began = performance.now();
    const entries = timelineOf(chain.toReversed()).entries(NOW, 'me');
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(hashes(entries)).toEqual(chain.map(({ hash }) => hash));
  });

  it('orders 5,000 records that all name the same one, and one that is named by all', () => {
    const root = record('a', 'x', 1);
    const many = Array.from({ length: 5_000 }, (_, i) => record('b', `w${i}`, 1, [nameOf(root)]));
    const last = record('a', 'x', 2, [nameOf(root), ...many.map(nameOf)], { at: NOW - 9 * HOUR });
    const began = performance.now();
    const order = hashes(timelineOf([last, ...many, root]).entries(NOW, 'me'));
    expect(performance.now() - began).toBeLessThan(2_000);
    expect([order[0], order.at(-1), order.length]).toEqual(['ax1', 'ax2', 5_002]);
  });
});
