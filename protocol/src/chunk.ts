/** Chunk blobs: files and long texts (SPEC.md §7). */
import { BLOB_KIND, makeBlobId, SALT_BYTES } from './blob-id.ts';
import type { SealedBlob } from './message.ts';
import type { Direction, Pair } from './pair.ts';
import { decryptOnce, encryptOnce, hkdf, hmac, importHmacKey } from './symmetric.ts';
import type { Bytes } from './wire/bytes.ts';
import { allZero, lp, u32 } from './wire/bytes.ts';
import { RelayError } from './wire/errors.ts';
import { BLOB_BYTES, HASH_BYTES, PROTOCOL_VERSION } from './wire/limits.ts';

/** Bytes of a file in one chunk blob. */
export const CHUNK_BYTES = BLOB_BYTES - 16;

/** A file's place on its way from one member to another. */
export interface FileTransfer {
  pair: Pair;
  direction: Direction;
  /** 32 bytes, fresh for each recipient and attempt. */
  fileKey: Uint8Array;
  /** Bytes of the whole file. */
  size: number;
}

/** Number of chunks of a file of `size` bytes. */
export function chunkCount(size: number): number {
  return Math.ceil(size / CHUNK_BYTES);
}

function lengthOf({ size }: FileTransfer, index: number): number {
  const count = chunkCount(size);
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new RangeError(`no chunk ${index} in a file of ${count}`);
  return Math.min(CHUNK_BYTES, size - index * CHUNK_BYTES);
}

/** The blob id (16 bytes) of chunk `index`; both ends compute it. */
export async function chunkId({ direction, fileKey }: FileTransfer, index: number): Promise<Bytes> {
  const mac = await hmac(await importHmacKey(fileKey), lp('relay/1 chunk salt', u32(index)));
  return makeBlobId(direction, BLOB_KIND.chunk, mac.slice(0, SALT_BYTES));
}

async function chunkKey(
  { pair, direction, fileKey, size }: FileTransfer,
  id: Uint8Array,
  index: number,
): Promise<Bytes> {
  const version = Uint8Array.of(PROTOCOL_VERSION);
  const where = [pair.self.roster.circleId, direction.sender, direction.recipient, id];
  const info = lp('relay/1 chunk', version, ...where, u32(index), u32(chunkCount(size)));
  return hkdf(fileKey, new Uint8Array(), info, HASH_BYTES);
}

/**
 * Seals chunk `index` of a file. The same arguments make the same bytes.
 * @param data exactly the bytes of the file from `index × 65,520`, at most 65,520
 * @throws RangeError when there is no such chunk or `data` has another length
 */
export async function sealChunk(
  transfer: FileTransfer,
  index: number,
  data: Uint8Array,
): Promise<SealedBlob> {
  if (data.length !== lengthOf(transfer, index))
    throw new RangeError(`chunk ${index} cannot have ${data.length} bytes`);
  const id = await chunkId(transfer, index);
  let padded = data;
  if (data.length < CHUNK_BYTES) {
    padded = new Uint8Array(CHUNK_BYTES);
    padded.set(data);
  }
  return { id, blob: await encryptOnce(await chunkKey(transfer, id, index), padded) };
}

/**
 * Opens chunk `index` of a file.
 * @returns the file's bytes from `index × 65,520`, at most 65,520
 * @throws RelayError `blob_size`, `chunk_forged`; RangeError when there is no such chunk
 */
export async function openChunk(transfer: FileTransfer, index: number, blob: Uint8Array): Promise<Bytes> {
  const length = lengthOf(transfer, index);
  if (blob.length !== BLOB_BYTES) throw new RelayError('blob_size');
  const key = await chunkKey(transfer, await chunkId(transfer, index), index);
  let padded: Bytes;
  try {
    padded = await decryptOnce(key, blob);
  } catch (cause) {
    throw new RelayError('chunk_forged', undefined, { cause });
  }
  if (!allZero(padded.subarray(length))) throw new RelayError('chunk_forged');
  return padded.subarray(0, length);
}
