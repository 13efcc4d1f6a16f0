/** One file on its way in, with a bounded part of it in memory. */
import type { FileBody } from '@relay/protocol';
import {
  chunkCount,
  equalBytes,
  fromHex,
  hex,
  isRelayError,
  MAX_CIRCLE_SECRETS,
  RelayError,
} from '@relay/protocol';
import type { OpenFileRequest } from '../../crypto/files.ts';
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { VaultClient } from '../../crypto/spawn.ts';
import type { FileSink } from '../model.ts';
import type { BlobStream } from '../sending/long-text.ts';
import { sourcesOf } from '../sending/long-text.ts';
import { checkedSink } from './checked-sink.ts';

/** Chunks that are asked for at once: 4 MiB. */
const WINDOW = 64;

/** What a download needs of the world. */
export interface DownloadParts {
  vault: Pick<VaultClient, 'fileBlobs' | 'beginOpening' | 'openNext' | 'endOpening'>;
  /** From the own mailbox. */
  fetch(ids: readonly Uint8Array[]): BlobStream;
  /** From another member's mailbox, by capability. */
  read(capabilities: readonly { id: Uint8Array; secret: Uint8Array }[]): BlobStream;
}

/** What a download tells. */
export interface DownloadEvents {
  /** Bytes written so far. */
  received(bytes: number): void;
  /** It could not go on. @returns whether to wait for {@link Download.resume}; else it ends */
  halted(error: unknown): boolean;
}

/** A download at work. */
export class Download {
  received = 0;
  readonly #parts: DownloadParts;
  readonly #record: OpenedRecord;
  readonly #sink: FileSink;
  readonly #events: DownloadEvents;
  /** Under which the last chunks were found. */
  #request: OpenFileRequest | undefined;
  #isPaused = false;
  #isEnded = false;
  #go: (() => void) | undefined;
  #run: Promise<unknown> | undefined;

  constructor(parts: DownloadParts, record: OpenedRecord, sink: FileSink, events: DownloadEvents) {
    this.#parts = parts;
    this.#record = record;
    this.#sink = checkedSink(sink);
    this.#events = events;
  }

  /** Loads it all; waits while it is paused. Whatever goes wrong, nothing of it is kept. @returns the fault, if any */
  run(): Promise<unknown> {
    this.#run ??= this.#loadAndClose();
    return this.#run;
  }

  /** Stops after what is under way. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Goes on. */
  resume(): void {
    this.#isPaused = false;
    this.#go?.();
  }

  /** Ends it; nothing is kept. Returns when nothing of it is under way any more. */
  async end(): Promise<void> {
    this.#isEnded = true;
    this.#go?.();
    await this.#run;
  }

  async #loadAndClose(): Promise<unknown> {
    try {
      await this.#load();
      await this.#sink.close();
      return undefined;
    } catch (error) {
      await this.#sink.abort().catch(() => {});
      return error;
    }
  }

  async #load(): Promise<void> {
    const { vault } = this.#parts;
    const handle = await vault.beginOpening();
    let hash: Uint8Array;
    try {
      await this.#loadAll(handle);
    } finally {
      hash = await vault.endOpening(handle);
    }
    if (this.#isEnded) throw new RelayError('session_ended', 'The download was cancelled.');
    if (!equalBytes(hash, (this.#record.body as FileBody).file.hash)) throw new RelayError('file_mismatch');
  }

  async #loadAll(handle: number): Promise<void> {
    const count = chunkCount((this.#record.body as FileBody).file.size);
    for (let from = 0; from < count; from += WINDOW) {
      const blobs = await this.#window(from, Math.min(from + WINDOW, count));
      const request = this.#request as OpenFileRequest;
      const data = await this.#parts.vault.openNext(handle, request, from, blobs);
      await this.#sink.write(data);
      this.received += data.length;
      this.#events.received(this.received);
    }
  }

  /** The blobs of some chunks, in order. What has come of them is kept while the rest is waited for. */
  async #window(from: number, to: number): Promise<Uint8Array[]> {
    const found = new Map<string, Uint8Array>();
    for (;;) {
      await this.#untilResumed();
      try {
        return await this.#find(from, to, found);
      } catch (error) {
        if (!this.#events.halted(error)) throw error;
        this.#isPaused = true;
      }
    }
  }

  /** Under the source that served the last ones; at first under each that the record names, until one has them all. */
  async #find(from: number, to: number, found: Map<string, Uint8Array>): Promise<Uint8Array[]> {
    const known = this.#request === undefined ? [] : [this.#request];
    for (const request of [...known, ...this.#requests()]) {
      const blobs = await this.#findUnder(request, from, to, found);
      if (blobs === undefined) continue;
      this.#request = request;
      return blobs;
    }
    throw new RelayError('file_mismatch', 'A part of this file is no longer at the relay.');
  }

  *#requests(): Generator<OpenFileRequest> {
    const { file } = this.#record.body as FileBody;
    // A file may have been sealed before the last roster updates.
    for (let generation = 0; generation < MAX_CIRCLE_SECRETS; generation++)
      for (const source of sourcesOf(this.#record)) yield { ...source, ...file, generation };
  }

  async #findUnder(
    request: OpenFileRequest,
    from: number,
    to: number,
    found: Map<string, Uint8Array>,
  ): Promise<Uint8Array[] | undefined> {
    const { vault, fetch, read } = this.#parts;
    const chunks = await vault.fileBlobs(request, from, to).catch((error: unknown) => {
      // There was no circle secret that old.
      if (isRelayError(error, 'recipient_unknown')) return undefined;
      throw error;
    });
    if (chunks === undefined) return undefined;
    const wanted = chunks.filter(({ id }) => !found.has(id));
    if (wanted.length > 0) {
      const stream = request.sent
        ? read(wanted.map(({ id, readSecret }) => ({ id: fromHex(id), secret: readSecret })))
        : fetch(wanted.map(({ id }) => fromHex(id)));
      const names = new Set(wanted.map(({ id }) => id));
      for await (const { id, blob } of stream) if (names.has(hex(id))) found.set(hex(id), blob);
    }
    const blobs = chunks.flatMap(({ id }) => found.get(id) ?? []);
    return blobs.length === chunks.length ? blobs : undefined;
  }

  async #untilResumed(): Promise<void> {
    while (this.#isPaused && !this.#isEnded) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#go = resolve;
      await promise;
    }
    if (this.#isEnded) throw new RelayError('session_ended', 'The download was cancelled.');
  }
}
