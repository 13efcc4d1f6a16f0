/** The sealing half of an upload: the original, read once from its beginning to its end. */
import { RelayError } from '@relay/protocol';
import type { SealedBatch } from '../../crypto/file-sealing.ts';
import type { VaultClient } from '../../crypto/spawn.ts';
import type { UploadRow } from './upload-row.ts';

/** Frames that are sealed and kept in one step, at most: 16 chunks for one recipient, two for 31. */
const FRAMES_AT_ONCE = 64;
const CHUNKS_AT_ONCE = 16;

/** What sealing needs of the vault. */
export type SealingVault = Pick<VaultClient, 'beginSealing' | 'skipSealed' | 'sealNext' | 'endSealing'>;

/** Chunks that are sealed in one step, for so many recipients. */
export function batchChunks(recipients: number): number {
  return Math.min(CHUNKS_AT_ONCE, Math.max(1, Math.floor(FRAMES_AT_ONCE / recipients)));
}

/** Seals a file batch by batch, from where its row says that sealing stopped. */
export class Spool {
  readonly #vault: SealingVault;
  readonly #file: Blob;
  readonly #row: UploadRow;
  #handle: number | undefined;
  #batch: SealedBatch | undefined;

  constructor(vault: SealingVault, file: Blob, row: UploadRow) {
    this.#vault = vault;
    this.#file = file;
    this.#row = row;
  }

  /**
   * Looks whether a file is the one that was begun, as far as it is sealed.
   * @throws RelayError `file_changed`
   */
  static async check(vault: SealingVault, file: Blob, row: UploadRow): Promise<void> {
    const spool = new Spool(vault, file, row);
    spool.#handle = await spool.#begin();
    await spool.close();
  }

  /**
   * Seals the next batch; the same one again until it was {@link Spool.kept}, for a key never seals two contents.
   * @throws RelayError `file_changed` when this is not the file that was begun, or can no longer be read
   */
  async next(): Promise<SealedBatch> {
    this.#handle ??= await this.#begin();
    this.#batch ??= await this.#vault.sealNext(this.#handle, batchChunks(this.#row.recipients.length));
    return this.#batch;
  }

  /** The batch is in the store. */
  kept(): void {
    this.#batch = undefined;
  }

  /** Forgets the state of sealing. */
  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    this.#batch = undefined;
    if (handle !== undefined) await this.#vault.endSealing(handle);
  }

  async #begin(): Promise<number> {
    const { recipients, rosterSerial, sealed, prefix, size } = this.#row;
    if (this.#file.size !== size) throw new RelayError('file_changed');
    const handle = await this.#vault.beginSealing(this.#file, recipients, rosterSerial);
    try {
      if (sealed > 0) await this.#vault.skipSealed(handle, sealed, prefix);
      return handle;
    } catch (error) {
      await this.#vault.endSealing(handle);
      throw error;
    }
  }
}
