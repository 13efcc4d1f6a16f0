/** Arbitrary inputs for property tests. */
import fc from 'fast-check';
import type { CborValue } from '../../src/index.ts';
import { encodeCbor } from '../../src/index.ts';

/** Any bytes. */
export const anything = fc.uint8Array({ maxLength: 3_000, size: 'max' });
/** The fields of a claim, and others that are the same bytes where nothing stands between them: part of one has gone over to the one before. */
export const movedBorder = (fields: number): fc.Arbitrary<[claim: string[], other: string[]]> =>
  fc
    .record({
      claim: fc.array(fc.string({ minLength: 1, maxLength: 40 }), { minLength: fields, maxLength: fields }),
      at: fc.nat(fields - 2),
      by: fc.integer({ min: 1, max: 40 }),
    })
    .map(({ claim, at, by }) => {
      const [left, right] = [claim[at] as string, claim[at + 1] as string];
      return [claim, claim.toSpliced(at, 2, left + right.slice(0, by), right.slice(by))];
    });
/** Keys of maps, those that mean something among them. */
const anyKey = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('__proto__', 'constructor', 'id', 'seed', 'roster'),
);
/** The encoding of any value. */
export const anyCbor = fc
  .anything({
    key: anyKey,
    maxDepth: 3,
    values: [fc.maxSafeInteger(), fc.string(), fc.boolean(), fc.constant(null), fc.uint8Array()],
  })
  .map((item) => {
    try {
      return encodeCbor(item as CborValue);
    } catch {
      return encodeCbor(null);
    }
  });
/** Lists in lists, deeper than any stack. */
export const deep = fc.constantFrom(3_000, 64_000).map((depth) => new Uint8Array(depth).fill(0x81));
