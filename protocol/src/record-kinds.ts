/** Bodies of the kinds of records that this version knows (SPEC.md §8). */
import { z } from 'zod';
import { bytes, uint } from './schemas.ts';
import { utf8 } from './wire/bytes.ts';
import { HASH_BYTES } from './wire/limits.ts';

/** Longest text inside a record, in bytes of UTF-8: it leaves room for every head, group and line of the sent log that go with it. */
export const MAX_INLINE_TEXT_BYTES = 54_000;
/** Longest text at all, in bytes of UTF-8; longer ones go as chunks from {@link MAX_INLINE_TEXT_BYTES}. */
export const MAX_TEXT_BYTES = 1_048_576;

/** Schema of the reference to a file's content; the key is in the record's private part. */
export const fileReference = z.strictObject({ size: uint, hash: bytes(HASH_BYTES) });
/** Size in bytes and SHA-256 of a whole file. */
export type FileReference = z.infer<typeof fileReference>;

const shortText = (most: number) =>
  z.string().refine((text) => utf8(text).length <= most, `at most ${most} bytes of UTF-8`);

/** Schemas of the bodies, by kind. */
export const RECORD_BODIES = {
  text: z.union([
    z.strictObject({ text: shortText(MAX_INLINE_TEXT_BYTES) }),
    z.strictObject({ file: fileReference.refine(({ size }) => size <= MAX_TEXT_BYTES) }),
  ]),
  file: z.strictObject({ file: fileReference, name: shortText(255).min(1), type: shortText(127) }),
} as const;

/** A kind that this version shows. Others are kept, and shown as unsupported. */
export type KnownKind = keyof typeof RECORD_BODIES;
/** The body of a text record. */
export type TextBody = z.infer<typeof RECORD_BODIES.text>;
/** The body of a file record. */
export type FileBody = z.infer<typeof RECORD_BODIES.file>;

/** Whether this version knows a kind. */
export function isKnownKind(kind: string): kind is KnownKind {
  return Object.hasOwn(RECORD_BODIES, kind);
}

/** Schema of the private part of a message's record; other kinds may keep more in it. */
export const messagePrivate = z.looseObject({ file: bytes(HASH_BYTES).optional() });

/** Schema of the private part of a sent log's record (SPEC.md §10). */
export const sentLogPrivate = z.strictObject({
  to: z
    .array(z.strictObject({ member: bytes(HASH_BYTES), blob: bytes(16), file: bytes(HASH_BYTES).optional() }))
    .min(1),
});
/** To whom a record went, under which blob ids, with which file keys. */
export type SentLogPrivate = z.infer<typeof sentLogPrivate>;
