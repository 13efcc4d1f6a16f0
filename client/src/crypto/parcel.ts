/** What is uploaded: sealed blobs, and decoys that cannot be told from them. */
import type { Pair } from '@relay/protocol';
import {
  BLOB_BYTES,
  BLOB_KIND,
  capabilitiesOf,
  encodeUploadFrame,
  hex,
  makeBlobId,
  randomBytes,
} from '@relay/protocol';

/** A sealed blob, ready for upload. */
export interface Parcel {
  /** Hexadecimal blob id. */
  id: string;
  /** Hexadecimal key hash. */
  recipient: string;
  /** Upload frame, 65,616 bytes. */
  frame: Uint8Array;
}

/**
 * Wraps a blob for its upload, with the hashes of its capabilities (SPEC.md §11, §13).
 * @param pair of its sender, with the recipient as peer
 * @param id 16 bytes
 * @param blob 65,536 bytes
 */
export async function parcelOf(pair: Pair, id: Uint8Array, blob: Uint8Array): Promise<Parcel> {
  const { readHash, deleteHash } = await capabilitiesOf(pair, id);
  const frame = encodeUploadFrame({ id, readHash, deleteHash, blob });
  return { id: hex(id), recipient: hex(pair.peer.keyHash), frame };
}

/** Makes a blob that says nothing (SPEC.md §23), for the peer of a pair. */
export async function makeDecoy(pair: Pair): Promise<Parcel> {
  return parcelOf(pair, await makeBlobId(pair.outgoing, BLOB_KIND.decoy), randomBytes(BLOB_BYTES));
}
