import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reference } from '../src/state/history/reference.ts';
import type { TimelineRecord } from '../src/state/history/timeline.ts';
import { MAX_GAP_COUNT, Timeline } from '../src/state/history/timeline.ts';
import { HOUR, histories, NOW, nameOf, record } from './support/records.ts';

/** The timeline in short: hashes of records, and `reason×count` for gaps. */
function shown(records: readonly TimelineRecord[], forgiven: readonly Reference[] = []): string[] {
  const timeline = new Timeline<TimelineRecord>();
  for (const one of records) timeline.add(one);
  for (const one of forgiven) timeline.forgive(one);
  return timeline
    .entries(NOW, 'me')
    .map((entry) => (entry.type === 'gap' ? `${entry.reason}×${entry.count}` : entry.record.hash));
}

/** A chain of one writer, `ages` in hours. */
function chain(ages: readonly number[], author = 'a', writer = 'x'): TimelineRecord[] {
  const out: TimelineRecord[] = [];
  for (const [i, age] of ages.entries())
    out.push(record(author, writer, i + 1, out.slice(-1).map(nameOf), { at: NOW - age * HOUR }));
  return out;
}

describe('gaps', () => {
  it('stand before the record that names what is missing, with all that its writer wrote before', () => {
    const [one, , , four, , six] = chain([6, 5, 4, 3, 2, 1]) as [TimelineRecord, ...TimelineRecord[]];
    expect(shown([one, four, six] as TimelineRecord[])).toEqual([
      'ax1',
      'missing×2',
      'ax4',
      'missing×1',
      'ax6',
    ]);
    expect(shown([six] as TimelineRecord[])).toEqual(['missing×5', 'ax6']);
  });

  it('have expired when the named record is older than the shortest life of a blob', () => {
    const [, recent] = chain([59, 1]);
    const [, old] = chain([61, 1]);
    expect(shown([recent as TimelineRecord])).toEqual(['missing×1', 'ax2']);
    expect(shown([old as TimelineRecord])).toEqual(['expired×1', 'ax2']);
  });

  it('show both reasons where one record names both', () => {
    const [old] = chain([70], 'b', 'y');
    const [fresh] = chain([2], 'b', 'z');
    const last = record('a', 'x', 1, [nameOf(old as TimelineRecord), nameOf(fresh as TimelineRecord)]);
    expect(shown([last])).toEqual(['expired×1', 'missing×1', 'ax1']);
  });

  it('are told apart when what is missing is this member’s own, whose copies come late', () => {
    const [own] = chain([2], 'me', 'w');
    const [old] = chain([70], 'me', 'v');
    const [other] = chain([2], 'b', 'z');
    const last = record(
      'b',
      'x',
      1,
      [own, old, other].map((one) => nameOf(one as TimelineRecord)),
    );
    expect(shown([last])).toEqual(['expired×1', 'elsewhere×1', 'missing×1', 'bx1']);
  });

  it('are counted once, however many records name them', () => {
    const lost = chain([3, 2]);
    const named = lost.map(nameOf);
    const naming = ['p', 'q', 'r'].map((writer) => record('b', writer, 1, named));
    expect(shown(naming)).toEqual(['missing×2', 'bp1', 'bq1', 'br1']);
  });

  it('close when the record comes after all', () => {
    const [one, two, three] = chain([3, 2, 1]) as [TimelineRecord, TimelineRecord, TimelineRecord];
    expect(shown([one, three])).toEqual(['ax1', 'missing×1', 'ax3']);
    expect(shown([one, three, two])).toEqual(['ax1', 'ax2', 'ax3']);
  });

  it('also appear where another record stands in the place of the named one', () => {
    const [one] = chain([3]) as [TimelineRecord];
    const other = { ...nameOf(one), hash: 'what others were told' };
    const told = [record('b', 'y', 1, [other]), record('b', 'z', 1, [other])];
    expect(shown([one, ...told])).toEqual(['ax1', 'missing×1', 'by1', 'bz1']);
  });

  it('are none where the record is forgiven, but what its writer wrote before it is missing all the same', () => {
    const [one, two, three, four, five] = chain([5, 4, 3, 2, 1]) as [
      TimelineRecord,
      TimelineRecord,
      TimelineRecord,
      TimelineRecord,
      TimelineRecord,
    ];
    expect(shown([one, three], [two])).toEqual(['ax1', 'ax3']);
    expect(shown([one, five], [four])).toEqual(['ax1', 'missing×2', 'ax5']);
    expect(shown([one, five], [two, four, four])).toEqual(['ax1', 'missing×1', 'ax5']);
    expect(shown([five], [one, two, three, four])).toEqual(['ax5']);
    // Those that are there need no pardon.
    expect(shown([one, two, four], [one, two])).toEqual(['ax1', 'ax2', 'missing×1', 'ax4']);
  });

  it('are not forgiven with another record that claims their place, or by another place', () => {
    const [one, two, three] = chain([3, 2, 1]) as [TimelineRecord, TimelineRecord, TimelineRecord];
    expect(shown([one, three], [{ ...two, hash: 'another' }])).toEqual(['ax1', 'missing×1', 'ax3']);
    expect(shown([one, three], [{ ...two, writer: 'y' }])).toEqual(['ax1', 'missing×1', 'ax3']);
    const other = { ...nameOf(two), hash: 'what others were told' };
    expect(shown([one, three, record('b', 'y', 1, [other])], [two])).toEqual([
      'ax1',
      'ax3',
      'missing×1',
      'by1',
    ]);
    expect(shown([one, two, record('b', 'y', 1, [other])], [other])).toEqual(['ax1', 'ax2', 'by1']);
  });

  it('are exactly what was withheld and not forgiven, where all that remains names it', () => {
    const cases = histories.chain((all) => fc.tuple(fc.constant(all), fc.subarray(all), fc.subarray(all)));
    fc.assert(
      fc.property(cases, ([all, kept, forgiven]) => {
        const present = new Set(kept.map(({ hash }) => hash));
        const chains = Map.groupBy(all, ({ author, writer }) => author + writer);
        // Of each chain, all that stands before something that a kept record names, or is kept.
        const named = new Set(kept.flatMap(({ references }) => references.map(({ hash }) => hash)));
        const expected = [...chains.values()].flatMap((one) => {
          const last = one.findLastIndex(({ hash }) => named.has(hash) || present.has(hash));
          return one.slice(0, last + 1).filter((lost) => !present.has(lost.hash) && !forgiven.includes(lost));
        });
        const timeline = new Timeline<TimelineRecord>();
        for (const one of kept) timeline.add(one);
        for (const one of forgiven) timeline.forgive(one);
        const gaps = timeline.entries(NOW, 'me').flatMap((entry) => (entry.type === 'gap' ? [entry] : []));
        expect(gaps.reduce((sum, { count }) => sum + count, 0)).toBe(expected.length);
        expect(new Set(gaps.map(({ key }) => key)).size).toBe(gaps.length);
      }),
      { numRuns: 300 },
    );
  });

  it('are bounded, and quick, whatever counters a hostile member claims', () => {
    const hostile = Array.from({ length: 2_000 }, (_, i) => {
      const heads = Array.from({ length: 64 }, (__, k) => ({
        hash: `none ${i} ${k}`,
        author: 'a',
        writer: k % 2 === 0 ? 'x' : `w${i}-${k}`,
        n: k === 1 ? Number.MAX_SAFE_INTEGER : 2 ** 52 - 64 * i - k,
        at: NOW - 70 * HOUR * (k % 2),
      }));
      return record('b', 'y', i + 1, heads);
    });
    // One that is not takes far longer than a test may. Pardons are no way around either.
    const pardons = Array.from({ length: 20_000 }, (_, i) => ({
      ...nameOf(record('a', 'x', 2 ** 52 - 7 * i)),
      hash: `pardon ${i}`,
    }));
    const entries = shown([...chain([3]), ...hostile], pardons);
    expect(entries).toContain(`missing×${MAX_GAP_COUNT}`);
    const counts = entries.flatMap((entry) => entry.match(/×(\d+)$/)?.[1] ?? []).map(Number);
    expect(Math.max(...counts)).toBe(MAX_GAP_COUNT);
  });
});
