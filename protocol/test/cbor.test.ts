import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CborValue } from '../src/index.ts';
import { concat, decodeCbor, encodeCbor, utf8 } from '../src/index.ts';

const key = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', ''),
);

const value = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.constantFrom(0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER),
    fc.constantFrom(-1, -24, -25, -256, -257, -65_537, -(2 ** 32) - 1, Number.MIN_SAFE_INTEGER),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 30 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 30 }).map((pairs) => {
      const map: { [name: string]: CborValue } = Object.create(null);
      for (const [name, item] of pairs) map[name] = item;
      return map;
    }),
  ),
})).value;

/** The head of an item in a chosen width: 0 (in the first byte), 1, 2, 4 or 8 further bytes. */
function head(major: number, n: number, width: number): Uint8Array {
  if (width === 0) return Uint8Array.of((major << 5) | n);
  const out = new Uint8Array(1 + width);
  const view = new DataView(out.buffer);
  out[0] = (major << 5) | (24 + Math.log2(width));
  if (width === 8) view.setBigUint64(1, BigInt(n));
  else if (width === 4) view.setUint32(1, n);
  else if (width === 2) view.setUint16(1, n);
  else out[1] = n;
  return out;
}

const shortest = (n: number) => (n < 24 ? 0 : n < 256 ? 1 : n < 65_536 ? 2 : n < 2 ** 32 ? 4 : 8);

type Quirk = (item: CborValue) => Uint8Array | undefined;

const entriesOf = (map: object) =>
  Object.keys(map).map((name) => [
    encodeCbor(name),
    encodeCbor((map as { [k: string]: CborValue })[name] as CborValue),
  ]);

const isMap = (item: CborValue): item is { [key: string]: CborValue } =>
  typeof item === 'object' && item !== null && !Array.isArray(item) && !(item instanceof Uint8Array);

/** Ways to write a value that are not the one way; undefined where a way does not apply. */
const QUIRKS: { [name: string]: Quirk } = {
  'longer integer': (item) => {
    if (typeof item !== 'number') return undefined;
    const [major, n] = item < 0 ? [1, -1 - item] : [0, item];
    const width = [1, 2, 4, 8].find((wide) => wide > shortest(n));
    return width === undefined ? undefined : head(major, n, width);
  },
  'float for an integer': (item) => {
    if (typeof item !== 'number') return undefined;
    const out = new Uint8Array(9).fill(0xfb, 0, 1);
    new DataView(out.buffer).setFloat64(1, item);
    return out;
  },
  'longer length of bytes': (item) =>
    item instanceof Uint8Array ? concat(head(2, item.length, 8), item) : undefined,
  'longer length of text': (item) =>
    typeof item === 'string' ? concat(head(3, utf8(item).length, 4), utf8(item)) : undefined,
  'indefinite text': (item) =>
    typeof item === 'string' ? concat(Uint8Array.of(0x7f), encodeCbor(item), Uint8Array.of(0xff)) : undefined,
  'indefinite list': (item) =>
    Array.isArray(item)
      ? concat(Uint8Array.of(0x9f), ...item.map((part) => encodeCbor(part as CborValue)), Uint8Array.of(0xff))
      : undefined,
  'indefinite map': (item) =>
    isMap(item) ? concat(Uint8Array.of(0xbf), ...entriesOf(item).flat(), Uint8Array.of(0xff)) : undefined,
  'longer length of a map': (item) =>
    isMap(item) ? concat(head(5, Object.keys(item).length, 2), encodeCbor(item).subarray(1)) : undefined,
  'a key twice': (item) => {
    const [first] = isMap(item) ? entriesOf(item) : [];
    if (first === undefined || !isMap(item) || Object.keys(item).length > 22) return undefined;
    return concat(head(5, Object.keys(item).length + 1, 0), ...first, encodeCbor(item).subarray(1));
  },
  'keys the other way round': (item) => {
    if (!isMap(item) || Object.keys(item).length < 2 || Object.keys(item).length > 23) return undefined;
    const sorted = entriesOf(item).toSorted(([a], [b]) => Buffer.compare(b as Uint8Array, a as Uint8Array));
    return concat(head(5, sorted.length, 0), ...sorted.flat());
  },
  tag: (item) => concat(Uint8Array.of(0xc1), encodeCbor(item)),
  'self-described tag': (item) => concat(Uint8Array.of(0xd9, 0xd9, 0xf7), encodeCbor(item)),
  'bytes behind': (item) => concat(encodeCbor(item), Uint8Array.of(0xf6)),
  'last byte missing': (item) => encodeCbor(item).slice(0, -1),
};

describe('CBOR', () => {
  test('decodes to what was encoded, in one encoding', () => {
    fc.assert(
      fc.property(value, (item) => {
        const bytes = encodeCbor(item);
        const decoded = decodeCbor(bytes) as CborValue;
        expect(encodeCbor(decoded)).toEqual(bytes);
        expect(canonical(decoded)).toEqual(canonical(item));
      }),
      { numRuns: 500 },
    );
  });

  test.each(Object.entries(QUIRKS))('refuses another encoding: %s', (_name, quirk) => {
    let applied = 0;
    fc.assert(
      fc.property(value, (item) => {
        const bytes = quirk(item);
        if (bytes === undefined) return;
        applied += 1;
        expect(() => decodeCbor(bytes)).toThrow();
        expect(() => decodeCbor(concat(Uint8Array.of(0x82, 0), bytes))).toThrow();
      }),
      { numRuns: 300 },
    );
    expect(applied).toBeGreaterThan(3);
  });

  test('has no encoding for what JSON and JavaScript have beyond it', () => {
    const others = [
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** 53,
      undefined,
      [undefined],
      { a: undefined },
      { a: [0.1] },
    ];
    for (const other of others) expect(() => encodeCbor(other as CborValue)).toThrow(TypeError);
    // Negative zero would be a second encoding of zero.
    expect(encodeCbor(-0)).toEqual(encodeCbor(0));
  });

  test('takes keys that JavaScript gives a meaning as any other', () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString']) {
      const bytes = concat(Uint8Array.of(0xa1), encodeCbor(name), encodeCbor({ polluted: true }));
      let decoded: unknown;
      try {
        decoded = decodeCbor(bytes);
      } catch {
        decoded = {};
      }
      expect((decoded as { polluted?: boolean }).polluted).toBeUndefined();
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    }
  });

  test('ends quickly on nesting as deep as a blob allows', () => {
    for (const byte of [0x81, 0xa1, 0xc1, 0x9f, 0xbf])
      expect(() => decodeCbor(new Uint8Array(65_536).fill(byte))).toThrow();
  });
});

/** A comparable form: maps as sorted entries, so that a key named `__proto__` counts. */
function canonical(item: unknown): unknown {
  if (Array.isArray(item)) return item.map(canonical);
  if (item instanceof Uint8Array) return ['bytes', ...item];
  if (typeof item === 'object' && item !== null)
    return {
      map: Object.entries(item)
        .map(([name, part]) => [name, canonical(part)])
        .toSorted(),
    };
  return Object.is(item, -0) ? 0 : item;
}
