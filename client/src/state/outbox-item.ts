/** One row of the outbox, and its form inside a sealed row. */
import type { ErrorCode } from '@relay/protocol';
import { decodeCbor, ERROR_CODES, encodeCbor, fromHex, hex } from '@relay/protocol';
import { z } from 'zod';

/** A sealed blob that the relay has not acknowledged. */
export interface OutboxItem {
  /** Hexadecimal blob id; names the row too. */
  id: string;
  /** Hexadecimal key hash. */
  recipient: string;
  /** `log`: this member's sent log. `part`: a chunk that belongs to a message. */
  purpose: 'message' | 'part' | 'log';
  /** Hash of the record that waits for this blob; empty for the sent log. */
  record: string;
  /** Place in the queue: items leave in this order. */
  order: number;
  /** Milliseconds from the Unix epoch: when it was sealed, and when it may leave. */
  since: number;
  due: number;
  /** Set when the relay will never take it. */
  failed: ErrorCode | undefined;
  /** Upload frame, 65,616 bytes. */
  frame: Uint8Array;
}

/** An item before the outbox gives it its place. */
export type NewOutboxItem = Omit<OutboxItem, 'order' | 'failed'>;

const rowShape = z.strictObject({
  id: z.instanceof(Uint8Array),
  recipient: z.instanceof(Uint8Array),
  purpose: z.enum(['message', 'part', 'log']),
  record: z.instanceof(Uint8Array),
  order: z.number(),
  since: z.number(),
  due: z.number(),
  failed: z.union([z.literal(''), z.enum(ERROR_CODES)]),
  frame: z.instanceof(Uint8Array),
});

/** The plaintext of a row. */
export function encodeOutboxItem(item: OutboxItem): Uint8Array {
  return encodeCbor({
    ...item,
    id: fromHex(item.id),
    recipient: fromHex(item.recipient),
    record: fromHex(item.record),
    failed: item.failed ?? '',
  });
}

/**
 * Reads the plaintext of a row.
 * @throws Error when it is not one
 */
export function decodeOutboxItem(plaintext: Uint8Array): OutboxItem {
  const row = rowShape.parse(decodeCbor(plaintext));
  return {
    ...row,
    id: hex(row.id),
    recipient: hex(row.recipient),
    record: hex(row.record),
    failed: row.failed === '' ? undefined : row.failed,
  };
}
