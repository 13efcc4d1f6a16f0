/** The half of an upload that survives the page: its row and its frames in the store. */
import type { VaultClient } from '../../crypto/spawn.ts';
import type { LocalStore, StoredEntry } from '../../storage/local-store.ts';
import { FrameQueue } from './frame-queue.ts';
import { sealedChunks } from './remains.ts';
import type { UploadRow } from './upload-row.ts';
import { decodeUploadRow, encodeUploadRow } from './upload-row.ts';

/** What keeping needs of the world. */
export interface KeepingParts {
  vault: Pick<VaultClient, 'sealLocal' | 'openLocal' | 'chunkIds'>;
  store: LocalStore;
}

/** What may be asked of an upload while a run of it is under way, here or on another page. */
export type UploadWish = Partial<Pick<UploadRow, 'isPaused' | 'failed'>>;

/** An upload in the store. Only one page at a time may change it. */
export class KeptUpload {
  row: UploadRow;
  /** Frames that the relay does not have. */
  readonly queue = new FrameQueue();
  readonly #parts: KeepingParts;
  /** What was asked for and is not kept yet. */
  #wish: UploadWish = {};
  /** How many chunks were sealed when the waiting frames were looked up. */
  #known: number | undefined;
  #isKept: boolean;
  #isGone = false;
  /** Frames that the relay has, and the store too. */
  #acknowledged: string[] = [];

  /** @param isKept an earlier page left it; else it begins */
  constructor(parts: KeepingParts, row: UploadRow, isKept: boolean) {
    this.#parts = parts;
    this.row = row;
    this.#isKept = isKept;
    this.#known = isKept ? undefined : row.sealed;
  }

  /** It is not in the store any more: another page has finished or cancelled it. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Frames that may be removed. */
  get acknowledged(): number {
    return this.#acknowledged.length;
  }

  /** Takes a wish, which is kept with {@link KeptUpload.keepWish}. */
  ask(wish: UploadWish): void {
    this.#wish = { ...this.#wish, ...wish };
    this.row = { ...this.row, ...wish };
  }

  /** Takes the row and the frames as the store has them: another page may have worked on them. */
  async refresh(): Promise<void> {
    const { store, vault } = this.#parts;
    if (!this.#isKept) return;
    const { key } = this.row;
    const sealed = await store.get(key);
    this.#isGone = sealed === undefined;
    if (sealed === undefined) return;
    const row = decodeUploadRow(key, await vault.openLocal(sealed)) ?? this.row;
    this.row = { ...row, ...this.#wish };
    const frames = new Set(await store.frameKeys());
    if (this.#known === row.sealed) return this.queue.keepOnly(frames);
    const chunks = await sealedChunks(vault, row);
    this.queue.clear();
    for (const { member, ids } of chunks) {
      for (const id of ids) if (frames.has(id)) this.queue.add(id, member);
    }
    this.#known = row.sealed;
  }

  /** Looks whether it is in the store still. */
  async look(): Promise<void> {
    if (this.#isKept && (await this.#parts.store.get(this.row.key)) === undefined) this.#isGone = true;
  }

  /**
   * Keeps the row with a change, and frames in the same step; does nothing when it is gone.
   * @param isWanted asked at the last moment
   */
  async keep(
    change: Partial<UploadRow>,
    frames: readonly { id: string; recipient: string; frame: Uint8Array }[] = [],
    isWanted: () => boolean = () => true,
  ): Promise<void> {
    const { store, vault } = this.#parts;
    const { key } = this.row;
    const bytes = await vault.sealLocal(encodeUploadRow({ ...this.row, ...change }));
    await this.look();
    if (this.#isGone || !isWanted()) return;
    const putFrames = frames.map(({ id, frame }): StoredEntry => ({ key: id, bytes: frame }));
    await store.apply({ put: [{ key, bytes }], putFrames });
    this.#isKept = true;
    this.row = { ...this.row, ...change };
    this.#known = this.row.sealed;
    for (const { id, recipient } of frames) this.queue.add(id, recipient);
  }

  /** Keeps what was asked for, and a row that was never kept. */
  async keepWish(): Promise<void> {
    const wish = this.#wish;
    if (this.#isKept && Object.keys(wish).length === 0) return;
    await this.keep(wish);
    if (this.#wish === wish) this.#wish = {};
  }

  /** The relay has a frame. */
  arrived(id: string): void {
    this.queue.arrived(id);
    this.#acknowledged.push(id);
  }

  /** Removes frames that the relay has. Where that fails they are sent again one day, to no effect. */
  async removeAcknowledged(): Promise<void> {
    const removeFrames = this.#acknowledged;
    this.#acknowledged = [];
    if (removeFrames.length > 0) await this.#parts.store.apply({ removeFrames });
  }

  /** Removes the row and every frame in one step. @returns ids of all chunks that were sealed, for each recipient */
  async remove(): Promise<{ member: string; ids: string[] }[]> {
    await this.refresh();
    if (this.#isGone || !this.#isKept) return [];
    const chunks = await sealedChunks(this.#parts.vault, this.row);
    const removeFrames = chunks.flatMap(({ ids }) => ids);
    await this.#parts.store.apply({ remove: [this.row.key], removeFrames });
    this.#isGone = true;
    return chunks;
  }
}
