/** Schema pieces for CBOR values. */
import { z } from 'zod';
import { decodeCbor } from './cbor.ts';
import type { Bytes } from './wire/bytes.ts';
import { utf8 } from './wire/bytes.ts';
import type { ErrorCode } from './wire/errors.ts';
import { RelayError } from './wire/errors.ts';

/** A byte string, of exactly `n` bytes when given. The result is a copy of its own. */
export function bytes(n?: number) {
  return z
    .instanceof(Uint8Array)
    .refine((value) => n === undefined || value.length === n, `expected ${n} bytes`)
    .transform((value): Bytes => value.slice());
}

/** A whole number from 0. */
export const uint = z.number().int().nonnegative();

/** Text of at most `most` bytes of UTF-8. */
export function shortText(most: number) {
  return z.string().refine((text) => utf8(text).length <= most, `at most ${most} bytes of UTF-8`);
}

/** {@link shortText} without control or bidirectional formatting characters, which could make one text look like another. */
export function plainText(most: number) {
  return shortText(most).refine(
    (text) => !/[\p{Cc}\p{Bidi_Control}]/u.test(text),
    'no control or bidirectional formatting characters',
  );
}

/**
 * Decodes CBOR and checks its shape.
 * @throws RelayError of `code` when either fails
 */
export function decodeAs<T>(schema: z.ZodType<T>, encoded: Uint8Array, code: ErrorCode): T {
  try {
    return schema.parse(decodeCbor(encoded));
  } catch (cause) {
    throw new RelayError(code, undefined, { cause });
  }
}
