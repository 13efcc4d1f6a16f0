/** What is kept of a file on its way out, and its form inside a sealed row. */
import type { Bytes, CborValue, ErrorCode } from '@relay/protocol';
import { decodeCbor, ERROR_CODES, encodeCbor, fromHex, hex } from '@relay/protocol';
import { z } from 'zod';

/** A file on its way out; its sealed chunks are kept beside it as frames. */
export interface UploadRow {
  /** Names the row and the upload; random, hexadecimal. */
  key: string;
  /** Conversation id, hexadecimal. */
  conversation: string;
  name: string;
  type: string;
  /** Bytes. */
  size: number;
  /** Hash of the record that the file answers, hexadecimal. */
  reply: string | undefined;
  /** By key hash, hexadecimal, with the file key of each (32 bytes). */
  recipients: readonly { member: string; fileKey: Uint8Array }[];
  /** Serial of the roster under which it is sealed. */
  rosterSerial: number;
  /** Chunks of the file that are sealed, and SHA-256 of what they hold (32 bytes). */
  sealed: number;
  prefix: Uint8Array;
  /** All is sealed; `prefix` is that of the whole file. */
  isComplete: boolean;
  isPaused: boolean;
  failed: ErrorCode | undefined;
  /** When it was begun, milliseconds from the Unix epoch. */
  since: number;
}

const bytes = z.instanceof(Uint8Array);

const rowShape = z.strictObject({
  conversation: bytes,
  name: z.string(),
  type: z.string(),
  size: z.number(),
  reply: bytes,
  recipients: z.array(z.tuple([bytes, bytes])).min(1),
  rosterSerial: z.number(),
  sealed: z.number(),
  prefix: bytes,
  isComplete: z.boolean(),
  isPaused: z.boolean(),
  failed: z.union([z.literal(''), z.enum(ERROR_CODES)]),
  since: z.number(),
});

/** First byte of such a row; other rows of the same store begin otherwise. */
const UPLOAD_ROW = 2;

/** The plaintext of a row. */
export function encodeUploadRow({ key: _, ...row }: UploadRow): Bytes {
  const encoded = encodeCbor({
    ...row,
    conversation: fromHex(row.conversation),
    reply: fromHex(row.reply ?? ''),
    recipients: row.recipients.map(({ member, fileKey }) => [fromHex(member), fileKey]),
    failed: row.failed ?? '',
  } satisfies { [key: string]: CborValue });
  const framed = new Uint8Array(1 + encoded.length);
  framed[0] = UPLOAD_ROW;
  framed.set(encoded, 1);
  return framed;
}

/**
 * Reads the plaintext of a row.
 * @returns undefined for a row of another sort
 * @throws Error when it is damaged
 */
export function decodeUploadRow(key: string, plaintext: Uint8Array): UploadRow | undefined {
  if (plaintext[0] !== UPLOAD_ROW) return undefined;
  const row = rowShape.parse(decodeCbor(plaintext.subarray(1)));
  return {
    ...row,
    key,
    conversation: hex(row.conversation),
    reply: row.reply.length === 0 ? undefined : hex(row.reply),
    recipients: row.recipients.map(([member, fileKey]) => ({ member: hex(member), fileKey })),
    failed: row.failed === '' ? undefined : row.failed,
  };
}
