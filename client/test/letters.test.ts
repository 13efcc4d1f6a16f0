import { ERROR_CODES, encodeCbor } from '@relay/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Letter } from '../src/state/outbox/letter.ts';
import { decodeLetter, encodeLetter, fitTogether, LETTER_ROW } from '../src/state/outbox/letter.ts';
import { BOB, hashOf, idOf, mail } from './support/outbox-edge.ts';

const hexOf = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array) => Buffer.from(array).toString('hex'));
const time = fc.integer({ min: 0, max: 2 ** 48 });
const bytes = fc.uint8Array({ maxLength: 200 });

const letters: fc.Arbitrary<Letter> = fc.record({
  key: hexOf(16),
  recipient: hexOf(32),
  purpose: fc.constantFrom('message', 'log'),
  records: fc.array(
    fc.record({
      hash: hexOf(32),
      content: bytes,
      private: fc.oneof(
        fc.constant({}),
        bytes.map((file) => ({ file })),
        fc.tuple(bytes, bytes).map(([member, blob]) => ({ to: [{ member, blob }] })),
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  parts: fc.array(hexOf(16), { maxLength: 3 }),
  order: fc.nat(),
  since: time,
  due: time,
  failed: fc.constantFrom(undefined, ...ERROR_CODES),
  sealed: fc.option(fc.record({ id: hexOf(16), frame: bytes }), { nil: undefined }),
});

const letter: Letter = {
  key: idOf(1),
  recipient: BOB,
  purpose: 'message',
  records: [{ hash: hashOf(1), content: new Uint8Array(3), private: {} }],
  parts: [],
  order: 1,
  since: 1,
  due: 1,
  failed: undefined,
  sealed: undefined,
};

describe('a row with a letter', () => {
  it('reads as it was written', () => {
    fc.assert(
      fc.property(letters, (one) => {
        expect(decodeLetter(one.key, encodeLetter(one))).toEqual(one);
      }),
    );
  });

  it('is refused when anything about it is of another shape', () => {
    const good = encodeLetter(letter);
    expect(decodeLetter('k', good)?.key).toBe('k');
    expect(() => decodeLetter('k', good.subarray(0, 40))).toThrow();
    expect(() => decodeLetter('k', Uint8Array.of(LETTER_ROW, ...encodeCbor({ id: 'x' })))).toThrow();
    const odd: unknown[] = [
      { more: 1 },
      { purpose: 'other' },
      { failed: 'no_code' },
      { since: 'today' },
      { records: [] },
      { sealed: { id: idOf(1), frame: 'text' } },
    ];
    for (const change of odd)
      expect(() => decodeLetter('k', encodeLetter({ ...letter, ...(change as object) }))).toThrow();
  });

  it('is told apart from rows of another sort', () => {
    expect(decodeLetter('k', Uint8Array.of(LETTER_ROW + 1, 1, 2))).toBeUndefined();
    expect(decodeLetter('k', new Uint8Array())).toBeUndefined();
  });

  it('takes whole numbers only: a fraction of a millisecond is a fault of whoever made it', () => {
    expect(() => encodeLetter({ ...letter, due: 0.5 })).toThrow();
  });
});

describe('records', () => {
  const ofBytes = (size: number) => mail(1, { bytes: size }).record;

  it('fit one blob together, or not', () => {
    expect(fitTogether([ofBytes(30_000), ofBytes(30_000)])).toBe(true);
    expect(fitTogether([ofBytes(33_000), ofBytes(33_000)])).toBe(false);
    expect(fitTogether([ofBytes(66_000)])).toBe(false);
  });
});
