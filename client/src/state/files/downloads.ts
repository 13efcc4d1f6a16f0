/** Loads the files of messages: into memory to show them, or into a file on disk as a stream; each is checked (SPEC.md §7). */
import type { FileBody } from '@relay/protocol';
import { RelayError } from '@relay/protocol';
import type { OpenedRecord } from '../../crypto/opened.ts';
import { asFault, faultOf } from '../fault.ts';
import type { FileProgress, FileSink } from '../model.ts';
import { PASSING } from '../sending/long-text.ts';
import { checkedSink } from './checked-sink.ts';
import type { DownloadParts } from './download.ts';
import { Download } from './download.ts';
import { memorySink } from './memory-sink.ts';

/** Files that are shown are in memory; larger ones are only saved. Bytes. */
const MAX_SHOWN_BYTES = 64 * 1_024 * 1_024;
/** Bytes of a file in memory that are written to disk at once. */
const PIECE_BYTES = 4 * 1_024 * 1_024;
/** How soon a fault that may pass is tried again by itself, in milliseconds. */
const RETRY_MS = 15_000;

const REMOTE: FileProgress = { phase: 'remote' };

/** What downloads need of the world. */
export interface DownloadsParts extends DownloadParts {
  /** The progress of one has changed. */
  changed(): void;
}

/** The downloads of one page, by the hash of the record. */
export class Downloads {
  readonly #parts: DownloadsParts;
  readonly #progress = new Map<string, FileProgress>();
  readonly #running = new Map<string, Download>();
  /** Files in memory. */
  readonly #held = new Map<string, Blob>();
  /** Those that a passing fault has stopped, with what tries them again. */
  readonly #stopped = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(parts: DownloadsParts) {
    this.#parts = parts;
  }

  /** How far the file of a record is here. */
  progressOf(hash: string): FileProgress {
    return this.#progress.get(hash) ?? REMOTE;
  }

  /** See `Actions.openFile`. */
  async open(record: OpenedRecord): Promise<void> {
    const { hash } = record;
    if (this.#held.has(hash) || this.#running.has(hash)) return;
    const { file } = record.body as FileBody;
    if (file.size > MAX_SHOWN_BYTES) {
      const fault = faultOf('file_too_large', 'This file is too large to be shown here. Save it instead.');
      return this.#set(hash, { phase: 'failed', fault });
    }
    const memory = memorySink();
    await this.#load(record, memory, async () => {
      const blob = await memory.blob();
      return () => {
        this.#held.set(hash, blob);
        return blob.type === '' ? { phase: 'ready' } : { phase: 'ready', url: URL.createObjectURL(blob) };
      };
    });
  }

  /** See `Actions.saveFile`. */
  async save(record: OpenedRecord, sink: FileSink): Promise<void> {
    const held = this.#held.get(record.hash);
    if (held !== undefined) return this.#write(record.hash, held, checkedSink(sink));
    this.forget(record.hash);
    await this.#load(record, sink, async () => () => ({ phase: 'saved' }));
  }

  /** See `Actions.pauseDownload`. */
  pause(hash: string): void {
    const download = this.#running.get(hash);
    if (download === undefined) return;
    this.#unstop(hash);
    download.pause();
    this.#set(hash, { phase: 'paused', received: download.received });
  }

  /** See `Actions.resumeDownload`. */
  resume(hash: string): void {
    const download = this.#running.get(hash);
    if (download === undefined) return;
    this.#unstop(hash);
    this.#set(hash, { phase: 'loading', received: download.received });
    download.resume();
  }

  /** See `Actions.cancelDownload`. */
  async cancel(hash: string): Promise<void> {
    const download = this.#running.get(hash);
    this.forget(hash);
    await download?.end();
  }

  /** Forgets what is here of a file, and ends its download. */
  forget(hash: string): void {
    const progress = this.#progress.get(hash);
    if (progress?.phase === 'ready' && progress.url !== undefined) URL.revokeObjectURL(progress.url);
    void this.#running.get(hash)?.end();
    this.#running.delete(hash);
    this.#held.delete(hash);
    this.#unstop(hash);
    if (this.#progress.delete(hash)) this.#parts.changed();
  }

  /** The relay is back: goes on with what a passing fault has stopped. */
  again(): void {
    for (const hash of [...this.#stopped.keys()]) this.resume(hash);
  }

  /** Ends all activity, and forgets everything. */
  stop(): void {
    for (const hash of [...this.#progress.keys()]) this.forget(hash);
  }

  /** @param done called when all is here and checked; what it returns tells the progress then, unless it was forgotten meanwhile */
  async #load(record: OpenedRecord, sink: FileSink, done: () => Promise<() => FileProgress>): Promise<void> {
    const { hash } = record;
    const download: Download = new Download(this.#parts, record, sink, {
      received: (received) => {
        if (this.#running.get(hash) === download && this.progressOf(hash).phase === 'loading')
          this.#set(hash, { phase: 'loading', received });
      },
      halted: (error) => this.#halted(hash, download, error),
    });
    this.#running.set(hash, download);
    this.#set(hash, { phase: 'loading', received: 0 });
    const error = await download.run();
    const progress = error === undefined ? await done() : undefined;
    if (this.#running.get(hash) !== download) return;
    this.#running.delete(hash);
    this.#unstop(hash);
    this.#set(hash, progress?.() ?? { phase: 'failed', fault: asFault(error) });
  }

  /** Writes a file that is in memory to disk. */
  async #write(hash: string, held: Blob, sink: FileSink): Promise<void> {
    try {
      for (let at = 0; at < held.size; at += PIECE_BYTES)
        await sink.write(new Uint8Array(await held.slice(at, at + PIECE_BYTES).arrayBuffer()));
      await sink.close();
    } catch (error) {
      await sink.abort().catch(() => {});
      this.forget(hash);
      this.#set(hash, { phase: 'failed', fault: asFault(error) });
    }
  }

  /** @returns whether to wait for {@link Download.resume} */
  #halted(hash: string, download: Download, error: unknown): boolean {
    const passes = error instanceof RelayError && PASSING.includes(error.code);
    if (!passes || this.#running.get(hash) !== download) return false;
    // Whoever paused it also lets it go on.
    if (this.progressOf(hash).phase === 'paused') return true;
    const wait = Math.max(RETRY_MS, (error.retryAfter ?? 0) * 1_000);
    this.#stopped.set(
      hash,
      setTimeout(() => this.resume(hash), wait),
    );
    this.#set(hash, { phase: 'paused', received: download.received });
    return true;
  }

  #unstop(hash: string): void {
    clearTimeout(this.#stopped.get(hash));
    this.#stopped.delete(hash);
  }

  #set(hash: string, progress: FileProgress): void {
    this.#progress.set(hash, progress);
    this.#parts.changed();
  }
}
