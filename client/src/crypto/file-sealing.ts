/** Seals a file that need not fit in memory, for one or more members (SPEC.md §7). */
import type { Bytes, FileTransfer, Pair } from '@relay/protocol';
import { CHUNK_BYTES, chunkCount, equalBytes, FileHasher, RelayError, sealChunk } from '@relay/protocol';
import type { Parcel } from './parcel.ts';
import { parcelOf } from './parcel.ts';

/** Whom a file goes to, and under which key. */
export interface FileRecipient {
  /** Hexadecimal key hash. */
  member: string;
  /** 32 bytes. */
  fileKey: Uint8Array;
}

/** Chunks that were sealed, and how far the file got by them. */
export interface SealedBatch {
  parcels: Parcel[];
  /** Chunks of the file sealed so far. */
  sealed: number;
  /** SHA-256 of what was sealed so far, 32 bytes; of the whole file once all is sealed. */
  prefix: Bytes;
  isComplete: boolean;
}

/** Chunks that are read at once where they are only hashed. */
const SKIPPED_AT_ONCE = 64;

/** One file on its way into chunks. */
export class FileSealing {
  readonly #file: Blob;
  readonly #targets: readonly FileTransfer[];
  readonly #hasher = new FileHasher();
  #sealed = 0;

  /** @param recipients with the pair of each */
  constructor(file: Blob, recipients: readonly (FileRecipient & { pair: Pair })[]) {
    this.#file = file;
    this.#targets = recipients.map(({ fileKey, pair }) => ({
      pair,
      direction: pair.outgoing,
      fileKey,
      size: file.size,
    }));
  }

  /**
   * Goes on after chunks that were sealed by an earlier page. A key never encrypts two contents under one index, so the file must begin with the same bytes.
   * @param chunks how many
   * @param prefix SHA-256 of what they held
   * @throws RelayError `file_changed`
   */
  async skip(chunks: number, prefix: Uint8Array): Promise<void> {
    while (this.#sealed < chunks) await this.#read(Math.min(SKIPPED_AT_ONCE, chunks - this.#sealed));
    if (!equalBytes(this.#hasher.snapshot(), prefix)) throw new RelayError('file_changed');
  }

  /**
   * Seals the next chunks.
   * @param most how many at most
   * @throws RelayError `file_changed` when the file can no longer be read as it was
   */
  async next(most: number): Promise<SealedBatch> {
    const first = this.#sealed;
    const data = await this.#read(Math.min(most, this.#count - first));
    const chunks = Array.from({ length: this.#sealed - first }, (_, i) =>
      data.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES),
    );
    const sealing = chunks.flatMap((chunk, i) =>
      this.#targets.map((target) => sealFor(target, first + i, chunk)),
    );
    const parcels = await Promise.all(sealing);
    const isComplete = this.#sealed === this.#count;
    return { parcels, sealed: this.#sealed, prefix: this.#hasher.snapshot(), isComplete };
  }

  get #count(): number {
    return chunkCount(this.#file.size);
  }

  /** Reads and hashes the next chunks, in one piece: reading costs by the call. */
  async #read(chunks: number): Promise<Bytes> {
    const from = this.#sealed * CHUNK_BYTES;
    const to = Math.min(from + chunks * CHUNK_BYTES, this.#file.size);
    let data: Bytes;
    try {
      data = new Uint8Array(await this.#file.slice(from, to).arrayBuffer());
    } catch (cause) {
      throw new RelayError('file_changed', 'The file can no longer be read. It was moved or changed.', {
        cause,
      });
    }
    if (data.length !== to - from) throw new RelayError('file_changed');
    this.#hasher.update(data);
    this.#sealed += chunks;
    return data;
  }
}

async function sealFor(transfer: FileTransfer, index: number, data: Uint8Array): Promise<Parcel> {
  const { id, blob } = await sealChunk(transfer, index, data);
  return parcelOf(transfer.pair, id, blob);
}
