/** Blob ids: random to the relay, telling to the recipient (SPEC.md §5). */
import type { Direction, Pair } from './pair.ts';
import { hmac } from './symmetric.ts';
import type { Bytes } from './wire/bytes.ts';
import { concat, equalBytes } from './wire/bytes.ts';
import { randomBytes } from './wire/primitives.ts';

/** What a blob is (SPEC.md §5). */
export const BLOB_KIND = { message: 0x01, chunk: 0x02, sentLog: 0x03, decoy: 0x04 } as const;
/** A kind of this version. */
export type BlobKind = (typeof BLOB_KIND)[keyof typeof BLOB_KIND];

/** Bytes of salt in a blob id. */
export const SALT_BYTES = 8;
const TAG_BYTES = 7;

/** What a recognised blob id says. */
export interface Recognised {
  /** The pair it was made under; its peer is the sender. */
  pair: Pair;
  /** The kind byte: a {@link BlobKind}, or one that this version does not know. */
  kind: number;
}

/** The blob id (16 bytes) of a direction, a kind and a salt (8 bytes, random unless given). */
export async function makeBlobId(
  direction: Direction,
  kind: BlobKind,
  salt: Uint8Array = randomBytes(SALT_BYTES),
): Promise<Bytes> {
  const mac = await hmac(direction.tagKey, salt);
  return concat(salt, mac.subarray(0, TAG_BYTES), Uint8Array.of((mac[TAG_BYTES] as number) ^ kind));
}

/** The kind byte of an id that was made for `direction`, or undefined when it was not. */
export async function matchBlobId(direction: Direction, blobId: Uint8Array): Promise<number | undefined> {
  const mac = await hmac(direction.tagKey, blobId.subarray(0, SALT_BYTES));
  const tag = blobId.subarray(SALT_BYTES, SALT_BYTES + TAG_BYTES);
  if (!equalBytes(mac.subarray(0, TAG_BYTES), tag)) return undefined;
  return (mac[TAG_BYTES] as number) ^ (blobId[SALT_BYTES + TAG_BYTES] as number);
}

/**
 * Finds the sender and kind of a blob in this member's mailbox by its id alone.
 * @param pairs this member's pairs, the likeliest first
 * @returns undefined when no member of the circle made the id
 */
export async function recogniseBlobId(
  pairs: Iterable<Pair>,
  blobId: Uint8Array,
): Promise<Recognised | undefined> {
  for (const pair of pairs) {
    const kind = await matchBlobId(pair.incoming, blobId);
    if (kind !== undefined) return { pair, kind };
  }
  return undefined;
}
