import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  b64,
  compareBytes,
  concat,
  equalBytes,
  fromB64,
  fromHex,
  fromUtf8,
  hex,
  lp,
  readU32,
  u32,
  utf8,
} from '../src/index.ts';

const bytes = fc.uint8Array({ maxLength: 200 });

describe('base64url', () => {
  test('comes back, and is what Node writes', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(b64(value)).toBe(Buffer.from(value).toString('base64url'));
        expect(fromB64(b64(value))).toEqual(Uint8Array.from(value));
      }),
    );
  });

  test('is read from its one text alone', () => {
    for (const text of ['A', 'AAAAA', 'AB', 'AAB', 'AA==', 'AA=', '+A', '/A', 'A A', 'AA\n', 'é', 'AAA*'])
      expect(() => fromB64(text), text).toThrow(TypeError);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ABab09-_+/= '), maxLength: 12 }), (text) => {
        let value: Uint8Array | undefined;
        try {
          value = fromB64(text);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
        if (value !== undefined) expect(b64(value)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('hexadecimal', () => {
  test('comes back, and is what Node writes', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(hex(value)).toBe(Buffer.from(value).toString('hex'));
        expect(fromHex(hex(value))).toEqual(Uint8Array.from(value));
        expect(fromHex(hex(value).toUpperCase())).toEqual(Uint8Array.from(value));
      }),
    );
  });

  test('of half a byte or other letters is refused', () => {
    for (const text of ['0', '0g', 'zz', '0x00', ' 00', '00 '])
      expect(() => fromHex(text)).toThrow(TypeError);
  });
});

describe('byte strings', () => {
  test('with their lengths before them cannot be cut in two ways', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 6 }), fc.array(bytes, { maxLength: 6 }), (one, other) => {
        const same =
          one.length === other.length && one.every((part, i) => equalBytes(part, other[i] as Uint8Array));
        expect(equalBytes(lp(...one), lp(...other))).toBe(same);
      }),
    );
    expect(hex(lp('é', Uint8Array.of(1)))).toBe('00000002c3a90000000101');
  });

  test('compare as Node’s do', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
        expect(equalBytes(a, a.slice())).toBe(true);
        expect(concat(a, b)).toEqual(Uint8Array.from([...a, ...b]));
      }),
    );
  });

  test('hold numbers big-endian, wherever they lie', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.nat(9), (value, offset) => {
        const within = concat(new Uint8Array(offset), u32(value)).subarray(offset);
        expect(readU32(within)).toBe(value);
        expect(readU32(concat(new Uint8Array(offset), within), offset)).toBe(value);
      }),
    );
    expect(hex(u32(258))).toBe('00000102');
  });

  test('are text only if they are valid UTF-8; a byte order mark stays', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fromUtf8(utf8(text))).toBe(text);
      }),
    );
    expect(fromUtf8(utf8('\ufeffx'))).toBe('\ufeffx');
    for (const wrong of ['ff', 'c0af', 'eda080', 'f4908080', 'c3'])
      expect(() => fromUtf8(fromHex(wrong))).toThrow(TypeError);
  });
});
