/** Records for tests of the timeline, in histories that real members could write. */
import fc from 'fast-check';
import type { Reference } from '../../src/state/history/reference.ts';
import type { TimelineRecord } from '../../src/state/history/timeline.ts';

/** An hour in milliseconds. */
export const HOUR = 3_600_000;
/** The time of tests. */
export const NOW = 1_800_000_000_000;

/** A record of writer `writer` of author `author`; its hash says which one it is. */
export function record(
  author: string,
  writer: string,
  n: number,
  references: readonly Reference[] = [],
  change: Partial<TimelineRecord> = {},
): TimelineRecord {
  const hash = `${author}${writer}${n}`;
  return { hash, id: `id ${hash}`, author, writer, n, at: NOW - 1_000 + n, references, ...change };
}

/** How another record names this one. */
export function nameOf({ hash, author, writer, n, at }: TimelineRecord): Reference {
  return { hash, author, writer, n, at };
}

/** Histories of up to 4 writers with clocks that agree on nothing; every record names its predecessor and some others before it. */
export const histories: fc.Arbitrary<TimelineRecord[]> = fc
  .array(
    fc.record({
      writer: fc.constantFrom('ax', 'ay', 'bx', 'by'),
      at: fc.integer({ min: NOW - 100 * HOUR, max: NOW + HOUR }),
      sees: fc.array(fc.nat(), { maxLength: 4 }),
    }),
    { maxLength: 30 },
  )
  .map((steps) => {
    const written: TimelineRecord[] = [];
    for (const { writer, at, sees } of steps) {
      const own = written.filter((one) => one.author + one.writer === writer);
      const others = sees.flatMap((pick) => written[pick % Math.max(1, written.length)] ?? []);
      const references = [...own.slice(-1), ...others].map(nameOf);
      const [author = '', name = ''] = writer;
      written.push(record(author, name, own.length + 1, references, { at }));
    }
    return written;
  });
