/** Follows the own mailbox: which blobs are new, who sent them, and what messages they hold (SPEC.md §5, §6). */
import type { ErrorCode, MailboxEntry } from '@relay/protocol';
import { BLOB_KIND, fromHex, hex, RelayError } from '@relay/protocol';
import type { OpenedMessage } from '../crypto/opened.ts';
import type { VaultClient } from '../crypto/spawn.ts';
import type { RecognisedBlob } from '../crypto/vault.ts';

/** Blobs fetched in one request. */
const BATCH = 64;
/** Blobs that are opened at once. */
const AT_ONCE = 8;
const RETRY_MS = 5_000;
/** Decoys are fetched like what says something: one that nobody fetches would be told by that (SPEC.md §23). */
const FETCHED: readonly number[] = [BLOB_KIND.message, BLOB_KIND.sentLog, BLOB_KIND.decoy];

/** A blob of the mailbox that was read. */
export interface ReadBlob {
  /** Hexadecimal. */
  id: string;
  /** Hour from the Unix epoch at which it ends. */
  expiryHour: number;
}

/** What the mailbox needs of the world. */
export interface MailboxParts {
  vault: Pick<VaultClient, 'recognise' | 'openMessage'>;
  list(): Promise<MailboxEntry[]>;
  fetch(ids: readonly Uint8Array[]): AsyncIterable<{ id: Uint8Array; blob: Uint8Array }>;
  /** A blob was opened. */
  opened(message: OpenedMessage, blob: ReadBlob): void;
  /** How many of the blobs that are listed have been looked at. */
  progress(read: number, total: number): void;
  /** A blob was refused; the member whose name it bears, where it bears one. */
  refused(id: string, code: ErrorCode, sender: string | undefined): void;
  /** Everything that was listed is in. */
  settled(): void;
}

/** The own mailbox as far as this page has read it. */
export class Mailbox {
  readonly #parts: MailboxParts;
  /** Blob ids that need no further look. */
  readonly #known = new Set<string>();
  readonly #unrecognised = new Set<string>();
  /** Ids to look at with their hour of expiry, the latest first: what was said last is wanted first. */
  readonly #pending = new Map<string, number>();
  #listing = false;
  #running = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(parts: MailboxParts) {
    this.#parts = parts;
  }

  /** Lists the mailbox again and reads what is new. */
  resync(): void {
    this.#listing = true;
    this.#run();
  }

  /** Looks again at what no member could have made: there are others now. */
  reconsider(): void {
    for (const id of this.#unrecognised) this.#known.delete(id);
    this.#unrecognised.clear();
    this.resync();
  }

  /** Reads blobs that were announced. */
  announced(entries: readonly MailboxEntry[]): void {
    this.#note(entries);
    this.#run();
  }

  /** Blobs that were looked at, whether or not the relay still has them (hexadecimal ids). */
  get listed(): readonly string[] {
    return [...this.#known];
  }

  /** Ends all activity. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
  }

  #note(entries: readonly MailboxEntry[]): void {
    for (const { id, expiryHour } of entries.toSorted((a, b) => b.expiryHour - a.expiryHour)) {
      if (!this.#known.has(hex(id))) this.#pending.set(hex(id), expiryHour);
    }
  }

  #run(): void {
    if (this.#stopped || this.#running) return;
    clearTimeout(this.#retry);
    this.#running = true;
    this.#readAll().then(
      () => this.#rest(),
      () => this.#rest(RETRY_MS),
    );
  }

  /** Reading has come to an end: for now, or until it is tried again after a fault. */
  #rest(retryIn?: number): void {
    this.#running = false;
    if (this.#stopped) return;
    if (retryIn !== undefined) this.#retry = setTimeout(() => this.#run(), retryIn);
    else if (this.#listing || this.#pending.size > 0) this.#run();
    else this.#parts.settled();
  }

  async #readAll(): Promise<void> {
    while (!this.#stopped) {
      if (this.#listing) await this.#list();
      const batch = [...this.#pending.keys()].slice(0, BATCH);
      if (batch.length === 0) return;
      await this.#readBatch(batch);
    }
  }

  async #list(): Promise<void> {
    // Whoever asks again while the list is on its way wants a newer one.
    this.#listing = false;
    try {
      this.#note(await this.#parts.list());
    } catch (error) {
      this.#listing = true;
      throw error;
    }
  }

  async #readBatch(ids: readonly string[]): Promise<void> {
    const recognised = new Map((await this.#parts.vault.recognise(ids)).map((blob) => [blob.id, blob]));
    const wanted = new Map<string, RecognisedBlob>();
    for (const id of ids) {
      const blob = recognised.get(id);
      if (blob !== undefined && FETCHED.includes(blob.kind)) wanted.set(id, blob);
      else this.#done(id);
      if (blob === undefined) this.#unrecognised.add(id);
      // Chunks are fetched when the message that needs them is shown.
      if (blob === undefined || ![...FETCHED, BLOB_KIND.chunk].includes(blob.kind))
        this.#parts.refused(id, 'blob_unrecognised', blob?.sender);
    }
    if (wanted.size > 0) {
      await this.#readAllOf(wanted);
    }
    // What was not served has expired or was deleted in between; should it be listed again, it is asked for again.
    for (const id of ids) this.#pending.delete(id);
  }

  /** Opens blobs while the next ones arrive, a few at once. */
  async #readAllOf(wanted: ReadonlyMap<string, RecognisedBlob>): Promise<void> {
    const opening = new Set<Promise<void>>();
    for await (const { id, blob } of this.#parts.fetch([...wanted.keys()].map(fromHex))) {
      const name = hex(id);
      const recognised = wanted.get(name);
      if (recognised === undefined || this.#stopped) continue;
      const opened = this.#open(recognised, blob).finally(() => opening.delete(opened));
      opening.add(opened);
      if (opening.size >= AT_ONCE) await Promise.race(opening);
    }
    await Promise.all(opening);
  }

  async #open({ id, sender, kind }: RecognisedBlob, blob: Uint8Array): Promise<void> {
    if (this.#known.has(id)) return;
    const expiryHour = this.#pending.get(id) ?? 0;
    this.#done(id);
    try {
      if (kind !== BLOB_KIND.decoy)
        this.#parts.opened(await this.#parts.vault.openMessage(id, blob), { id, expiryHour });
    } catch (error) {
      this.#parts.refused(id, error instanceof RelayError ? error.code : 'internal', sender);
    }
    this.#parts.progress(this.#known.size, this.#known.size + this.#pending.size);
  }

  #done(id: string): void {
    this.#known.add(id);
    this.#pending.delete(id);
  }
}
