/** Bodies of the kinds of records that this version knows (SPEC.md §8). */
import { z } from 'zod';
import { bytes, plainText, shortText, uint } from './schemas.ts';
import { HASH_BYTES, MAX_INVITATION_HOURS, MAX_MEMBERS, MIN_MEMBERS } from './wire/limits.ts';

/** Longest text inside a record, in bytes of UTF-8: it leaves room for every head, group and line of the sent log that go with it. */
export const MAX_INLINE_TEXT_BYTES = 54_000;
/** Longest text at all, in bytes of UTF-8; longer ones go as chunks from {@link MAX_INLINE_TEXT_BYTES}. */
export const MAX_TEXT_BYTES = 1_048_576;
/** Longest name of a file, in bytes of UTF-8; a file has one. */
export const MAX_FILE_NAME_BYTES = 255;
/** Longest MIME type of a file, in bytes. */
export const MAX_FILE_TYPE_BYTES = 127;
/** Longest reaction, in bytes of UTF-8. */
export const MAX_EMOJI_BYTES = 64;
/** Longest name of a group, in bytes of UTF-8; it may be empty. */
export const MAX_GROUP_NAME_BYTES = 100;
/** Most records that one `hide` names. */
export const MAX_HIDE_TARGETS = 64;
/** Most conversations of one `receipt`. */
export const MAX_RECEIPT_CONVERSATIONS = 64;
/** Most records of one conversation in one `receipt`. */
export const MAX_RECEIPT_RECORDS = 512;

/** Bytes of a file at most: whoever names a bigger one has others count its chunks. */
export const MAX_FILE_BYTES = 2 ** 36;

/** Schema of the reference to a file's content; the key is in the record's private part. */
export const fileReference = z.strictObject({
  size: uint.refine((size) => size <= MAX_FILE_BYTES),
  hash: bytes(HASH_BYTES),
});
/** Size in bytes and SHA-256 of a whole file. */
export type FileReference = z.infer<typeof fileReference>;

/** Schema of a writer id. */
export const writerId = bytes(8);
/** Schema of a writer's counter. */
export const counter = z.number().int().positive();
/** Schema of the name of a group. */
export const groupName = plainText(MAX_GROUP_NAME_BYTES);

const hash = bytes(HASH_BYTES);
const reply = hash.optional();

/** Schemas of the bodies, by kind. */
export const RECORD_BODIES = {
  text: z.union([
    z.strictObject({ text: shortText(MAX_INLINE_TEXT_BYTES), reply }),
    z.strictObject({ file: fileReference.refine(({ size }) => size <= MAX_TEXT_BYTES), reply }),
  ]),
  file: z.strictObject({
    file: fileReference,
    name: shortText(MAX_FILE_NAME_BYTES).min(1),
    type: shortText(MAX_FILE_TYPE_BYTES),
    reply,
  }),
  reaction: z.strictObject({ target: hash, emoji: plainText(MAX_EMOJI_BYTES) }),
  edit: z.strictObject({ target: hash, text: shortText(MAX_INLINE_TEXT_BYTES).min(1) }),
  delete: z.strictObject({ target: z.tuple([hash, writerId, counter, uint]) }),
  hide: z.strictObject({
    targets: z
      .array(z.tuple([hash, hash, hash, writerId, counter, uint]))
      .min(1)
      .max(MAX_HIDE_TARGETS),
  }),
  receipt: z.strictObject({
    read: z
      .array(z.tuple([hash, z.array(hash).min(1).max(MAX_RECEIPT_RECORDS)]))
      .min(1)
      .max(MAX_RECEIPT_CONVERSATIONS),
  }),
  rename: z.strictObject({ name: groupName }),
  leave: z.strictObject({}),
  continue: z.strictObject({ group: hash }),
  call: z.strictObject({
    secret: bytes(HASH_BYTES),
    members: z.array(hash).min(MIN_MEMBERS).max(MAX_MEMBERS),
    camera: z.boolean(),
    until: uint,
  }),
  hangup: z.strictObject({
    room: hash,
    seconds: uint,
    joined: z.array(hash).max(MAX_MEMBERS),
    declined: z.array(hash).max(MAX_MEMBERS),
  }),
} as const;

/** A kind that this version knows. Others are kept, and shown as unsupported. */
export type KnownKind = keyof typeof RECORD_BODIES;
/** The body of a text record; `reply` is the hash of the record that it answers. */
export type TextBody = z.infer<typeof RECORD_BODIES.text>;
/** The body of a file record; `reply` as in {@link TextBody}. */
export type FileBody = z.infer<typeof RECORD_BODIES.file>;
/** The body of a reaction to `target`; an empty emoji takes an earlier one back. */
export type ReactionBody = z.infer<typeof RECORD_BODIES.reaction>;
/** The body of an edit: the new text of `target`. */
export type EditBody = z.infer<typeof RECORD_BODIES.edit>;
/** The body of a tombstone; `target` is `[hash, writer, n, at]` of a record of the same author. */
export type DeleteBody = z.infer<typeof RECORD_BODIES.delete>;
/** The body of a note to oneself; a target is `[conversation, hash, author, writer, n, at]`. */
export type HideBody = z.infer<typeof RECORD_BODIES.hide>;
/** The body of a receipt: pairs of `[conversation, hashes of the records that were read]`. */
export type ReceiptBody = z.infer<typeof RECORD_BODIES.receipt>;
/** The body of the renaming of a group. */
export type RenameBody = z.infer<typeof RECORD_BODIES.rename>;
/** The body by which a member leaves a group: empty. */
export type LeaveBody = z.infer<typeof RECORD_BODIES.leave>;
/** The body by which a group goes on as another one: `group` is the conversation id of that. */
export type ContinueBody = z.infer<typeof RECORD_BODIES.continue>;
/**
 * The body of an invitation: the call's secret (32 bytes), key hashes of all who may take part, whether it begins with cameras, and until
 * when it can be used (milliseconds).
 */
export type CallBody = z.infer<typeof RECORD_BODIES.call>;
/** The body by which a member tells how a call went: the room's id, its length in seconds, who was in it and who declined. */
export type HangupBody = z.infer<typeof RECORD_BODIES.hangup>;

/** Whether this version knows a kind. */
export function isKnownKind(kind: string): kind is KnownKind {
  return Object.hasOwn(RECORD_BODIES, kind);
}

/** Whether a body may stand in a record of that time (milliseconds): no invitation can be used for longer than {@link MAX_INVITATION_HOURS}. */
export function fitsTime(kind: KnownKind, body: unknown, at: number): boolean {
  return kind !== 'call' || (body as CallBody).until <= at + MAX_INVITATION_HOURS * 3_600_000;
}

/** Where a kind has a meaning: in one's own notes, outside of groups, or in groups. The others have one everywhere. */
export const KIND_PLACES: ReadonlyMap<string, 'notes' | 'direct' | 'group'> = new Map([
  ['hide', 'notes'],
  ['receipt', 'direct'],
  ['rename', 'group'],
  ['leave', 'group'],
  ['continue', 'group'],
]);

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
