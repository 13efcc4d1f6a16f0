/** A letter of the outbox: records on their way to one member, and its form inside a sealed row. */
import type { BodyRecord, ErrorCode } from '@relay/protocol';
import { decodeCbor, ERROR_CODES, encodeCbor, fitsOneBlob, fromHex, hex } from '@relay/protocol';
import { z } from 'zod';

/** A record in a letter. */
export interface LetterRecord extends BodyRecord {
  /** Record hash, hexadecimal. */
  hash: string;
}

/** Records for one member that the relay has not acknowledged. */
export interface Letter {
  /** Names the row; random, hexadecimal. */
  key: string;
  /** Hexadecimal key hash. */
  recipient: string;
  /** `log`: lines of this member's own sent log (SPEC.md §10). */
  purpose: 'message' | 'log';
  records: readonly LetterRecord[];
  /** Blob ids of chunks that must be at the relay before (long texts); their frames are in the store. Hexadecimal. */
  parts: readonly string[];
  /** Place in the queue: letters to one member leave in this order. */
  order: number;
  /** When the oldest record was written, and when the letter may leave. Milliseconds from the Unix epoch. */
  since: number;
  due: number;
  /** Set when the relay will never take it. */
  failed: ErrorCode | undefined;
  /** Set once it is sealed; from then on only these very bytes are sent (SPEC.md §13). */
  sealed: { id: string; frame: Uint8Array } | undefined;
}

const bytes = z.instanceof(Uint8Array);

const rowShape = z.strictObject({
  recipient: bytes,
  purpose: z.enum(['message', 'log']),
  records: z.array(z.tuple([bytes, bytes, z.record(z.string(), z.unknown())])).min(1),
  parts: z.array(bytes),
  order: z.number(),
  since: z.number(),
  due: z.number(),
  failed: z.union([z.literal(''), z.enum(ERROR_CODES)]),
  sealed: z.union([z.tuple([]), z.tuple([bytes, bytes])]),
});

/** First byte of a row that holds a letter; other rows of the same store begin otherwise. */
export const LETTER_ROW = 1;

/** The plaintext of a row. */
export function encodeLetter({ key: _, ...letter }: Letter): Uint8Array {
  const { recipient, records, parts, failed, sealed } = letter;
  const row = encodeCbor({
    ...letter,
    recipient: fromHex(recipient),
    records: records.map((record) => [fromHex(record.hash), record.content, record.private]),
    parts: parts.map(fromHex),
    failed: failed ?? '',
    sealed: sealed === undefined ? [] : [fromHex(sealed.id), sealed.frame],
  });
  const framed = new Uint8Array(1 + row.length);
  framed[0] = LETTER_ROW;
  framed.set(row, 1);
  return framed;
}

/**
 * Reads the plaintext of a row.
 * @returns undefined for a row of another sort
 * @throws Error when it is damaged
 */
export function decodeLetter(key: string, plaintext: Uint8Array): Letter | undefined {
  if (plaintext[0] !== LETTER_ROW) return undefined;
  const row = rowShape.parse(decodeCbor(plaintext.subarray(1)));
  const [id, frame] = row.sealed;
  return {
    ...row,
    key,
    recipient: hex(row.recipient),
    records: row.records.map(([hash, content, part]) => ({
      hash: hex(hash),
      content,
      private: part as BodyRecord['private'],
    })),
    parts: row.parts.map(hex),
    failed: row.failed === '' ? undefined : row.failed,
    sealed: id === undefined || frame === undefined ? undefined : { id: hex(id), frame },
  };
}

/** Whether these records fit one blob together. */
export function fitTogether(records: readonly BodyRecord[]): boolean {
  // The size of a body depends on its roster's serial by a few bytes: the largest one counts.
  const roster = { serial: 2 ** 32, hash: new Uint8Array(32) };
  return fitsOneBlob({
    roster,
    records: records.map(({ content, private: part }) => ({ content, private: part })),
  });
}
