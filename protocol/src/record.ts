/** Records: what conversations are made of (SPEC.md §8). */
import { z } from 'zod';
import type { CborValue } from './cbor.ts';
import { encodeCbor } from './cbor.ts';
import { groupDescriptor } from './conversation.ts';
import { counter, fitsTime, groupName, isKnownKind, RECORD_BODIES, writerId } from './record-kinds.ts';
import { bytes, decodeAs, uint } from './schemas.ts';
import type { Bytes } from './wire/bytes.ts';
import { lp } from './wire/bytes.ts';
import { RelayError } from './wire/errors.ts';
import { HASH_BYTES, MAX_BLOB_LIFE_HOURS } from './wire/limits.ts';
import { sha256 } from './wire/primitives.ts';

const HOUR = 3_600_000;
/** How wrong a member's clock may be, in hours. */
export const CLOCK_ERROR_HOURS = 1;
/** How long a message may wait in an outbox, in hours. */
export const OUTBOX_HOURS = 24;
/** Records older than this are refused, in hours. */
export const MAX_RECORD_AGE_HOURS = MAX_BLOB_LIFE_HOURS + OUTBOX_HOURS + CLOCK_ERROR_HOURS;
/** Most heads of a record. */
export const MAX_HEADS = 64;

const recordShape = z.strictObject({
  id: bytes(16),
  at: uint,
  conversation: bytes(HASH_BYTES),
  group: groupDescriptor.optional(),
  title: z.tuple([groupName, uint]).optional(),
  writer: writerId,
  n: counter,
  prev: z.union([z.tuple([]), z.tuple([bytes(HASH_BYTES), uint])]),
  heads: z.array(z.tuple([uint, writerId, counter, bytes(HASH_BYTES), uint])).max(MAX_HEADS),
  kind: z.string().regex(/^[a-z0-9.-]{1,32}$/),
  body: z.unknown(),
});

/** A record as it is written: `prev` is `[hash, at]` or `[]`, a head is `[author, writer, n, hash, at]`, `title` is `[name, at]`. */
export type Record = z.infer<typeof recordShape>;

/** The record's bytes: the same for every recipient. */
export function encodeRecord(record: Record): Bytes {
  const { group, title, ...rest } = record;
  return encodeCbor({
    ...rest,
    ...(group === undefined ? {} : { group: { ...group } }),
    ...(title === undefined ? {} : { title }),
  } as CborValue);
}

/**
 * Reads a record's bytes. The body of a known kind has its shape; that of an unknown kind is any CBOR value.
 * @throws RelayError `record_invalid`
 */
export function decodeRecord(content: Uint8Array): Record {
  const record = decodeAs(recordShape, content, 'record_invalid');
  if ((record.n === 1) !== (record.prev.length === 0)) throw new RelayError('record_invalid');
  if (!isKnownKind(record.kind)) return record;
  const body = RECORD_BODIES[record.kind].safeParse(record.body);
  if (!body.success) throw new RelayError('record_invalid', undefined, { cause: body.error });
  if (!fitsTime(record.kind, body.data, record.at)) throw new RelayError('record_invalid');
  return { ...record, body: body.data };
}

/**
 * What a record says of its group's name, and since when (milliseconds). No name was given later than the record that tells it: a
 * time beyond the record's own, which would outlast every renaming, counts as the record's.
 */
export function titleOf({
  title,
  at,
}: Pick<Record, 'title' | 'at'>): { name: string; at: number } | undefined {
  return title && { name: title[0], at: Math.min(title[1], at) };
}

/** The name (32 bytes) by which later records refer to this one. */
export async function recordHash(content: Uint8Array): Promise<Bytes> {
  return sha256(lp('relay/1 record', content));
}

/**
 * Refuses a record whose time no live message can have.
 * @param now milliseconds from the Unix epoch
 * @throws RelayError `record_time`
 */
export function checkRecordTime(record: Pick<Record, 'at'>, now: number): void {
  const age = now - record.at;
  if (age > MAX_RECORD_AGE_HOURS * HOUR || age < -CLOCK_ERROR_HOURS * HOUR)
    throw new RelayError('record_time');
}
