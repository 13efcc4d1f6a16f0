import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equalBytes, readSafetyCode, safetyNumberOf } from '../src/index.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('a safety number is the same from either side, and another for every other circle or member', async () => {
  await fc.assert(
    fc.asyncProperty(hash, hash, hash, async (circle, a, b) => {
      fc.pre(!equalBytes(a, b) && !equalBytes(circle, a));
      const safety = await safetyNumberOf(circle, a, b);
      expect(safety.number).toMatch(/^\d{5}( \d{5}){11}$/);
      expect(await safetyNumberOf(circle, b, a)).toEqual(safety);
      for (const other of [await safetyNumberOf(circle, a, a), await safetyNumberOf(a, a, b)]) {
        expect(other.number).not.toBe(safety.number);
        expect(other.code).not.toBe(safety.code);
      }
    }),
  );
});

test('a scanned code gives the hash back, and another text gives nothing', async () => {
  const { code, hash: digest } = await safetyNumberOf(
    new Uint8Array(32).fill(1),
    new Uint8Array(32).fill(2),
    new Uint8Array(32).fill(3),
  );
  expect(code.length).toBe(58);
  expect(readSafetyCode(code)).toEqual(digest);
  expect(readSafetyCode(` ${code}\n`)).toEqual(digest);
  const others = ['', 'https://relay.example', code.slice(0, -1), `${code}A`, `${code}=`, code.toUpperCase()];
  for (const text of [...others, code.replace(':1:', ':2:')]) expect(readSafetyCode(text)).toBeUndefined();
});
