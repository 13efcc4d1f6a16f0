/** Binary bodies of the HTTP and socket interfaces (SPEC.md §13). */
import type { Bytes } from './bytes.ts';
import { concat, readU32, u32 } from './bytes.ts';
import { RelayError } from './errors.ts';
import {
  BLOB_FRAME_BYTES,
  BLOB_ID_BYTES,
  CAPABILITY_BYTES,
  ENTRY_BYTES,
  HASH_BYTES,
  MAX_IDS_PER_REQUEST,
  UPLOAD_FRAME_BYTES,
} from './limits.ts';

/** One upload (65,616 bytes on the wire). */
export interface UploadFrame {
  /** 16 bytes. */
  id: Uint8Array;
  /** SHA-256 of the read secret, 32 bytes. */
  readHash: Uint8Array;
  /** SHA-256 of the delete secret, 32 bytes. */
  deleteHash: Uint8Array;
  /** 65,536 bytes. */
  blob: Uint8Array;
}

/** A line of a mailbox. */
export interface MailboxEntry {
  /** 16 bytes. */
  id: Bytes;
  /** Hours from the Unix epoch. */
  expiryHour: number;
}

/** A fetched blob. */
export interface BlobFrame {
  /** 16 bytes. */
  id: Bytes;
  /** 65,536 bytes. */
  blob: Bytes;
}

/** A blob id with one of its secrets. */
export interface Capability {
  /** 16 bytes. */
  id: Uint8Array;
  /** Read or delete secret, 32 bytes. */
  secret: Uint8Array;
}

/** Encodes an upload frame, 65,616 bytes. */
export function encodeUploadFrame(frame: UploadFrame): Bytes {
  return concat(frame.id, frame.readHash, frame.deleteHash, frame.blob);
}

/**
 * Reads an upload frame; its parts are views of `bytes`.
 * @throws RelayError `bad_request` unless it is exactly 65,616 bytes
 */
export function decodeUploadFrame(bytes: Uint8Array): UploadFrame {
  if (bytes.length !== UPLOAD_FRAME_BYTES)
    throw new RelayError('bad_request', `An upload is exactly ${UPLOAD_FRAME_BYTES} bytes.`);
  const readAt = BLOB_ID_BYTES;
  const deleteAt = readAt + HASH_BYTES;
  const blobAt = deleteAt + HASH_BYTES;
  return {
    id: bytes.subarray(0, readAt),
    readHash: bytes.subarray(readAt, deleteAt),
    deleteHash: bytes.subarray(deleteAt, blobAt),
    blob: bytes.subarray(blobAt),
  };
}

/**
 * Cuts bytes into parts of one size.
 * @param what the parts are, for the message
 * @throws RelayError `bad_request` unless they are `least` to `most` whole ones
 */
export function split(bytes: Uint8Array, size: number, least: number, most: number, what: string): Bytes[] {
  const count = bytes.length / size;
  if (!Number.isInteger(count) || count < least || count > most) {
    throw new RelayError('bad_request', `Expected ${least} to ${most} ${what} of ${size} bytes each.`);
  }
  return Array.from({ length: count }, (_, i) => bytes.slice(i * size, (i + 1) * size) as Bytes);
}

/**
 * Reads a list of 1 to 256 blob ids.
 * @throws RelayError `bad_request` for another length
 */
export function decodeIds(bytes: Uint8Array): Bytes[] {
  return split(bytes, BLOB_ID_BYTES, 1, MAX_IDS_PER_REQUEST, 'blob ids');
}

/** Encodes capabilities, 48 bytes each. */
export function encodeCapabilities(capabilities: readonly Capability[]): Bytes {
  return concat(...capabilities.flatMap(({ id, secret }) => [id, secret]));
}

/**
 * Reads a list of 1 to 256 capabilities.
 * @throws RelayError `bad_request` for another length
 */
export function decodeCapabilities(bytes: Uint8Array): Capability[] {
  return split(bytes, CAPABILITY_BYTES, 1, MAX_IDS_PER_REQUEST, 'capabilities').map((part) => ({
    id: part.subarray(0, BLOB_ID_BYTES),
    secret: part.subarray(BLOB_ID_BYTES),
  }));
}

/** Encodes mailbox entries, 20 bytes each. */
export function encodeEntries(entries: readonly { id: Uint8Array; expiryHour: number }[]): Bytes {
  return concat(...entries.flatMap(({ id, expiryHour }) => [id, u32(expiryHour)]));
}

/**
 * Reads mailbox entries.
 * @throws RelayError `bad_request` unless the length is a multiple of 20
 */
export function decodeEntries(bytes: Uint8Array): MailboxEntry[] {
  return split(bytes, ENTRY_BYTES, 0, Number.MAX_SAFE_INTEGER, 'entries').map((part) => ({
    id: part.slice(0, BLOB_ID_BYTES),
    expiryHour: readU32(part, BLOB_ID_BYTES),
  }));
}

/**
 * Cuts a stream of blob frames into blobs as they arrive; at most one frame is held.
 * @param stream pieces of any size
 * @returns every whole frame, in the order of the stream
 * @throws RelayError `relay_unreachable` when the stream ends inside a frame: it was cut
 */
export async function* readBlobFrames(stream: AsyncIterable<Uint8Array>): AsyncGenerator<BlobFrame> {
  let frame = new Uint8Array(BLOB_FRAME_BYTES);
  let filled = 0;
  for await (const piece of stream) {
    let offset = 0;
    while (offset < piece.length) {
      const part = piece.subarray(offset, offset + BLOB_FRAME_BYTES - filled);
      frame.set(part, filled);
      filled += part.length;
      offset += part.length;
      if (filled < BLOB_FRAME_BYTES) continue;
      yield { id: frame.subarray(0, BLOB_ID_BYTES), blob: frame.subarray(BLOB_ID_BYTES) };
      frame = new Uint8Array(BLOB_FRAME_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) throw new RelayError('relay_unreachable', 'The download was cut off. It is tried again.');
}
