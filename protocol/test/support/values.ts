/** Arbitrary inputs for property tests. */
import fc from 'fast-check';
import type { CborValue } from '../../src/index.ts';
import { encodeCbor } from '../../src/index.ts';

/** Any bytes. */
export const anything = fc.uint8Array({ maxLength: 3_000, size: 'max' });
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
