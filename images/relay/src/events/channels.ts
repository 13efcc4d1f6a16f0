import { BLOB_ID_BYTES, HASH_BYTES, readU32, u32 } from '@relay/protocol/wire';
import type { Arrival } from '../blobs/service.ts';

/** Channels between relay processes, over PostgreSQL's NOTIFY. Nothing of them is stored. */
export const CHANNELS = {
  /** Blobs arrived; payload as {@link encodeArrivals}. */
  arrivals: 'relay_arrivals',
  /** Arrivals may have been missed; no payload. */
  resync: 'relay_resync',
  /** A session is over; payload: its token hash, hexadecimal. Sent by a trigger of the database. */
  sessionEnd: 'relay_session_end',
} as const;

const ARRIVAL_BYTES = HASH_BYTES + BLOB_ID_BYTES + 4;
/** A payload must stay below 8,000 bytes; this many make 6,934. */
export const MAX_ARRIVALS = 100;

/** A payload of at most {@link MAX_ARRIVALS}: mailbox (32) ‖ blob id (16) ‖ hour of expiry (u32) of each, in base64. */
export function encodeArrivals(arrivals: readonly Arrival[]): string {
  return Buffer.concat(
    arrivals.flatMap(({ mailbox, id, expiryHour }) => [mailbox, id, u32(expiryHour)]),
  ).toString('base64');
}

/** Reads a payload of {@link encodeArrivals}. */
export function decodeArrivals(payload: string): Arrival[] {
  const bytes = Buffer.from(payload, 'base64');
  return Array.from({ length: Math.floor(bytes.length / ARRIVAL_BYTES) }, (_, i) => {
    const at = i * ARRIVAL_BYTES;
    const idAt = at + HASH_BYTES;
    const hourAt = idAt + BLOB_ID_BYTES;
    return {
      mailbox: bytes.subarray(at, idAt),
      id: bytes.subarray(idAt, hourAt),
      expiryHour: readU32(bytes, hourAt),
    };
  });
}
