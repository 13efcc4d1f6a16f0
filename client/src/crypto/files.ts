/** Sealing and joining of small files (long texts) that fit in memory. */
import type { Bytes, FileTransfer, Pair } from '@relay/protocol';
import {
  CHUNK_BYTES,
  capabilitiesOf,
  chunkCount,
  chunkId,
  concat,
  equalBytes,
  hex,
  openChunk,
  RelayError,
  randomBytes,
  sealChunk,
  sha256,
} from '@relay/protocol';
import type { Parcel } from './parcel.ts';
import { parcelOf } from './parcel.ts';

/** A file, sealed for one member. */
export interface SealedFile {
  size: number;
  /** SHA-256 of the whole file, 32 bytes. */
  hash: Uint8Array;
  /** 32 bytes; goes into the private part of the record. */
  fileKey: Uint8Array;
  parcels: Parcel[];
}

/** Which file, and in which direction it went. */
export interface OpenFileRequest {
  /** Hexadecimal key hash of the other member. */
  peer: string;
  /** Whether this member sent it. */
  sent: boolean;
  fileKey: Uint8Array;
  size: number;
  /** SHA-256 of the whole file, 32 bytes. */
  hash: Uint8Array;
  /** Under how many circle secrets before the newest it was sealed; none unless given. */
  generation?: number;
}

/** Cuts and seals; see `Vault.sealFile`. */
export async function sealFile(pair: Pair, data: Uint8Array): Promise<SealedFile> {
  const fileKey = randomBytes(32);
  const transfer: FileTransfer = { pair, direction: pair.outgoing, fileKey, size: data.length };
  const parcels: Parcel[] = [];
  for (let i = 0; i < chunkCount(data.length); i++) {
    const { id, blob } = await sealChunk(transfer, i, data.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES));
    parcels.push(await parcelOf(pair, id, blob));
  }
  return { size: data.length, hash: await sha256(data), fileKey, parcels };
}

function transferOf(pair: Pair, { sent, fileKey, size }: OpenFileRequest): FileTransfer {
  return { pair, direction: sent ? pair.outgoing : pair.incoming, fileKey, size };
}

/** See `Vault.fileBlobs`. */
export async function fileBlobs(
  pair: Pair,
  request: OpenFileRequest,
  from = 0,
  to = chunkCount(request.size),
): Promise<{ id: string; readSecret: Uint8Array }[]> {
  const transfer = transferOf(pair, request);
  return Promise.all(
    Array.from({ length: Math.max(0, to - from) }, async (_, i) => {
      const id = await chunkId(transfer, from + i);
      return { id: hex(id), readSecret: (await capabilitiesOf(pair, id)).readSecret };
    }),
  );
}

/** See `Vault.chunkIds`. */
export async function chunkIds(pair: Pair, fileKey: Uint8Array, size: number): Promise<string[]> {
  const transfer: FileTransfer = { pair, direction: pair.outgoing, fileKey, size };
  const ids: string[] = [];
  // One after the other: a big file has thousands, and all at once would crowd everything else out.
  for (let i = 0; i < chunkCount(size); i++) ids.push(hex(await chunkId(transfer, i)));
  return ids;
}

/**
 * Opens chunks that follow each other.
 * @param from index of the first
 * @returns their content, joined
 * @throws RelayError `blob_size`, `chunk_forged`
 */
export async function openChunks(
  pair: Pair,
  request: OpenFileRequest,
  from: number,
  blobs: readonly Uint8Array[],
): Promise<Bytes> {
  const transfer = transferOf(pair, request);
  return concat(...(await Promise.all(blobs.map((blob, i) => openChunk(transfer, from + i, blob)))));
}

/** See `Vault.joinFile`. */
export async function joinFile(
  pair: Pair,
  request: OpenFileRequest,
  blobs: readonly Uint8Array[],
): Promise<Uint8Array> {
  const transfer = transferOf(pair, request);
  const parts = await Promise.all(blobs.map((blob, i) => openChunk(transfer, i, blob)));
  const data = concat(...parts);
  if (data.length !== request.size || !equalBytes(await sha256(data), request.hash))
    throw new RelayError('file_mismatch');
  return data;
}
