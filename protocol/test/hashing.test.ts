import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FileHasher, hex } from '../src/index.ts';

test('pieces of any size hash to what they are together, at every step', () => {
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (pieces) => {
      const hasher = new FileHasher();
      const taken: number[] = [];
      for (const piece of pieces) {
        hasher.update(piece);
        taken.push(...piece);
        expect(hex(hasher.snapshot())).toBe(hash(Uint8Array.from(taken)));
      }
      expect(hex(hasher.digest())).toBe(hash(Uint8Array.from(taken)));
      expect(() => hasher.update(new Uint8Array(1))).toThrow(Error);
    }),
  );
});
