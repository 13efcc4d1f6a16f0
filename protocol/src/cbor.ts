/** Deterministic CBOR (SPEC.md §1): one value, one encoding. */
import { decode, encode, rfc8949EncodeOptions } from 'cborg';
import type { Bytes } from './wire/bytes.ts';
import { equalBytes } from './wire/bytes.ts';

/** A value that CBOR may carry here: no floating-point numbers, no tags, no undefined. */
export type CborValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly CborValue[]
  | { readonly [key: string]: CborValue };

function requireIntegers(value: unknown): void {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError('numbers are whole and within 53 bits');
  } else if (Array.isArray(value)) {
    value.forEach(requireIntegers);
  } else if (value === undefined) {
    throw new TypeError('undefined has no encoding');
  } else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    Object.values(value).forEach(requireIntegers);
  }
}

/**
 * The one encoding of a value.
 * @throws TypeError for a value outside {@link CborValue}
 */
export function encodeCbor(value: CborValue): Bytes {
  requireIntegers(value);
  return encode(value, rfc8949EncodeOptions).slice();
}

/**
 * Decodes one value that fills `bytes`.
 * @throws Error when the bytes are not the one encoding of a {@link CborValue}
 */
export function decodeCbor(bytes: Uint8Array): unknown {
  const value: unknown = decode(bytes, {
    strict: true,
    allowIndefinite: false,
    allowUndefined: false,
    allowBigInt: false,
    allowInfinity: false,
    allowNaN: false,
    rejectDuplicateMapKeys: true,
  });
  if (!equalBytes(encodeCbor(value as CborValue), bytes))
    throw new TypeError('not the deterministic encoding');
  return value;
}
