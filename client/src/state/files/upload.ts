/** One file on its way out: sealed piece by piece into the store, and uploaded from there (SPEC.md §7). */
import { isRelayError, OUTBOX_HOURS, RelayError } from '@relay/protocol';
import { asFault } from '../fault.ts';
import { isFinal, retryMs } from '../final-faults.ts';
import { isSame } from '../history/same.ts';
import type { Fault, UploadItem } from '../model.ts';
import type { CarriageParts } from '../outbox/carriage.ts';
import { Carriage } from '../outbox/carriage.ts';
import type { KeepingParts, UploadWish } from './kept-upload.ts';
import { KeptUpload } from './kept-upload.ts';
import type { SealingVault } from './spool.ts';
import { batchChunks, Spool } from './spool.ts';
import { uploadItem } from './upload-item.ts';
import type { UploadRow } from './upload-row.ts';

const HOUR = 3_600_000;
/** Frames that wait at most: where they are kept on disk, and where they are in memory. */
const WINDOW = { kept: 20_000, memory: 64 } as const;
/** Blobs on their way at once. */
const LANES = 6;
/** How soon a fault that may pass is tried again, in milliseconds. */
const RETRY_MS = 5_000;
/** Acknowledged frames that are removed from the store in one step. */
const REMOVED_AT_ONCE = 32;
/** Stands for the message itself among the recipients that are held back. */
const MESSAGE = '';

/** What an upload needs of the world. */
export interface UploadParts extends CarriageParts, KeepingParts {
  vault: KeepingParts['vault'] & SealingVault;
  now(): number;
  /** Whether the relay can be reached, and nothing holds sending back. */
  goes(): boolean;
  changed(): void;
  storageFailed(cause: unknown): void;
  /** All of it is at the relay: its message goes, and its row with it. @throws RelayError when it cannot go now */
  finish(row: UploadRow): Promise<void>;
}

/** One upload on this page. */
export class Upload {
  /** The original, where it is at hand. */
  file: Blob | undefined;
  readonly #parts: UploadParts;
  readonly #kept: KeptUpload;
  readonly #carriages: ReadonlyMap<string, Carriage>;
  /** Why it did not go on when it was tried last. */
  #delay: Fault | undefined;
  /** Why the original is of no use; what still leaves does not mend that. */
  #lack: Fault | undefined;
  #spool: Spool | undefined;
  #isSealing = false;
  #window: number;
  #waiters: (() => void)[] = [];
  #isRunning = false;
  #isFinished = false;
  #isStopped = false;
  #item: UploadItem | undefined;

  /**
   * @param file the original, where it is at hand
   * @param isKept an earlier page left it; else it begins
   */
  constructor(parts: UploadParts, row: UploadRow, file: Blob | undefined, isKept: boolean) {
    this.#parts = parts;
    this.file = file;
    this.#kept = new KeptUpload(parts, row, isKept);
    this.#window = parts.store.isKept ? WINDOW.kept : WINDOW.memory;
    this.#carriages = new Map(row.recipients.map(({ member }) => [member, new Carriage(parts)]));
  }

  /** What is kept of it, and what was asked for since. */
  get row(): UploadRow {
    return this.#kept.row;
  }

  /** Nothing is left to do on this page: it is finished, or another page has finished or cancelled it. */
  get isOver(): boolean {
    return this.#isFinished || this.#kept.isGone;
  }

  /** This page works on it now. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** What the UI shows; the same object while nothing has changed. */
  get item(): UploadItem {
    const waiting = this.#kept.queue.size;
    const item = uploadItem({
      row: this.row,
      waiting,
      hasFile: this.file !== undefined,
      delay: this.#delay ?? this.#lack,
    });
    if (this.#item === undefined || !isSame(this.#item, item)) this.#item = item;
    return this.#item;
  }

  /** Asks it to pause or to go on; that is kept by the run under way, or the next one. */
  ask(wish: UploadWish): void {
    this.#kept.ask(wish);
    this.#delay = undefined;
    this.#lack = undefined;
    this.wake();
    this.#parts.changed();
  }

  /** Looks again whether it can go on. */
  wake(): void {
    this.#kept.queue.unblock();
    this.#signal();
  }

  /** Ends the work under way; what is kept stays. */
  stop(): void {
    this.#isStopped = true;
    this.#signal();
  }

  /**
   * Seals, uploads and finishes, until it is over, paused, stopped or has failed, or needs the original. A fault that may pass is waited for. Only one
   * page at a time may run it.
   */
  async run(): Promise<void> {
    if (this.#isStopped) return;
    this.#isRunning = true;
    try {
      await this.#kept.refresh();
      await this.#kept.keepWish();
      await this.#work();
      await this.#spool?.close();
      this.#spool = undefined;
      await this.#kept.removeAcknowledged();
      if (!this.#isStopped && !this.#isFinished) await this.#kept.keepWish();
    } catch (error) {
      this.#storageFailed(error);
    }
    this.#isRunning = false;
  }

  /** See `KeptUpload.remove`. */
  remove(): Promise<{ member: string; ids: string[] }[]> {
    return this.#kept.remove();
  }

  get #goesOn(): boolean {
    const { isPaused, failed } = this.row;
    return !this.#isStopped && !this.isOver && !isPaused && failed === undefined;
  }

  async #work(): Promise<void> {
    const { queue } = this.#kept;
    for (;;) {
      this.#begin();
      const isBusy = this.#isSealing || queue.flying > 0;
      if (!isBusy && !this.#goesOn) return;
      const isSent = !isBusy && queue.size === 0;
      if (isSent && !this.row.isComplete && this.file === undefined) return;
      if (isSent && this.row.isComplete && !queue.isBlocked(MESSAGE, this.#parts.now())) await this.#finish();
      else await this.#signalled(queue.soonest(this.#parts.now()));
    }
  }

  /** Begins whatever can be done now; all of it signals when it has ended. */
  #begin(): void {
    const { queue } = this.#kept;
    if (this.#goesOn && this.#maySeal) {
      this.#isSealing = true;
      void this.#sealSome()
        .catch((error: unknown) => this.#sealingFailed(error))
        .finally(() => {
          this.#isSealing = false;
          this.#signal();
        });
    }
    while (this.#goesOn && this.#parts.goes() && queue.flying < LANES) {
      const next = queue.take(this.#parts.now());
      if (next === undefined) return;
      void this.#send(next).finally(() => this.#signal());
    }
  }

  get #maySeal(): boolean {
    const { isComplete, recipients } = this.row;
    const waiting = this.#kept.queue.size;
    if (this.#isSealing || isComplete || this.file === undefined) return false;
    return waiting === 0 || waiting + batchChunks(recipients.length) * recipients.length <= this.#window;
  }

  /** Frames and the row that tells of them are kept in one step, and before any of them leaves: a key never seals two contents. */
  async #sealSome(): Promise<void> {
    await this.#kept.removeAcknowledged();
    this.#spool ??= new Spool(this.#parts.vault, this.file as Blob, this.row);
    const { parcels, ...sealed } = await this.#spool.next();
    try {
      await this.#kept.keep(sealed, parcels, () => !this.#isStopped);
      this.#spool.kept();
    } catch (cause) {
      const { size } = this.#kept.queue;
      if (this.#isStopped) return;
      if (size === 0) {
        this.#parts.storageFailed(cause);
        const message = 'There is no room on this machine to prepare the file.';
        throw new RelayError('storage_unavailable', message, { cause });
      }
      // What waits must leave first.
      this.#window = Math.floor(size / 2);
    }
    this.#parts.changed();
  }

  #sealingFailed(error: unknown): void {
    const spool = this.#spool;
    this.#spool = undefined;
    void spool?.close().catch(() => {});
    if (isRelayError(error, 'file_changed')) {
      // The right one may still be given.
      this.file = undefined;
      this.#lack = asFault(error);
    } else this.#fail(error);
    this.#parts.changed();
  }

  async #send({ id, recipient }: { id: string; recipient: string }): Promise<void> {
    try {
      await this.#carry(id, recipient);
      this.#delay = undefined;
      this.#kept.arrived(id);
      this.#parts.changed();
      if (this.#kept.acknowledged >= REMOVED_AT_ONCE) await this.#kept.removeAcknowledged();
    } catch (error) {
      this.#kept.queue.returned(id, recipient, this.#parts.now() + retryMs(error, RETRY_MS));
      this.#take(error);
    }
  }

  async #carry(id: string, recipient: string): Promise<void> {
    const { now, store } = this.#parts;
    if (now() - this.row.since > OUTBOX_HOURS * HOUR) throw new RelayError('record_time');
    const frame = await store.frame(id);
    if (frame === undefined) {
      await this.#kept.look();
      throw new RelayError('file_changed', 'A part of this file is no longer kept here. Send it again.');
    }
    await this.#carriages.get(recipient)?.carry({ id, recipient, frame });
  }

  async #finish(): Promise<void> {
    const { queue } = this.#kept;
    try {
      await this.#kept.removeAcknowledged();
      await this.#kept.look();
      if (!this.#goesOn) return;
      await this.#parts.finish(this.row);
      this.#isFinished = true;
    } catch (error) {
      queue.block(MESSAGE, this.#parts.now() + retryMs(error, RETRY_MS));
      this.#take(error);
    }
  }

  /** Waits for a fault to pass, or fails for good. */
  #take(error: unknown): void {
    if (isFinal(error)) this.#fail(error);
    else this.#delay = asFault(error);
    this.#parts.changed();
  }

  #fail(error: unknown): void {
    // A page that is going has closed its store and its vault.
    if (this.#isStopped || this.isOver || this.row.failed !== undefined) return;
    this.#kept.ask({ failed: isRelayError(error) ? error.code : 'internal' });
    this.#delay = asFault(error);
    this.#parts.changed();
  }

  #storageFailed(cause: unknown): void {
    if (this.#isStopped) return;
    this.#parts.storageFailed(cause);
    this.#fail(new RelayError('storage_unavailable', undefined, { cause }));
  }

  #signal(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  /** Waits until something has changed, or so many milliseconds have passed. */
  async #signalled(most?: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiters.push(resolve);
    const timer = most === undefined ? undefined : setTimeout(resolve, most);
    await promise;
    clearTimeout(timer);
  }
}
