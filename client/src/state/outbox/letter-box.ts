/** The letters that wait, and their sealed rows: where records join and lines of the sent log gather. */
import { hex, randomBytes } from '@relay/protocol';
import type { Parcel } from '../../crypto/parcel.ts';
import type { LocalStore, StoreChange } from '../../storage/local-store.ts';
import { turnTaker } from '../turns.ts';
import type { Letter, LetterRecord } from './letter.ts';
import { decodeLetter, encodeLetter, fitTogether } from './letter.ts';
import { linesOf, logDue, withLines } from './sent-log.ts';

/** Records join only what was written shortly before: one letter is too old as a whole (SPEC.md §8). Milliseconds. */
const JOIN_MS = 3_600_000;
/** Stands for the blob id that a letter will have. */
const ANY_ID = '00'.repeat(16);

/** A record for one recipient, to be sent. */
export interface Mail {
  /** Hexadecimal key hash. */
  recipient: string;
  record: LetterRecord;
  /** The record's own time: recipients count from it (SPEC.md §8). Milliseconds from the Unix epoch. */
  at: number;
  /** When it may leave; until then others may join it. */
  due: number;
  /** Sealed chunks that must be at the relay before. */
  chunks?: readonly Parcel[];
}

/** What the letters need of the world. */
export interface LetterBoxParts {
  store: LocalStore;
  /** Key hash of this member, hexadecimal. */
  self: string;
  sentLogMinutes: readonly [number, number];
  sealLocal(plaintext: Uint8Array): Promise<Uint8Array>;
  openLocal(sealed: Uint8Array): Promise<Uint8Array>;
  now(): number;
  /** Rows could not be read, kept or removed. */
  storageFailed(cause: unknown): void;
}

/** The letters of one page, and those that earlier ones left. */
export class LetterBox {
  readonly #parts: LetterBoxParts;
  readonly #letters = new Map<string, Letter>();
  /** Letters that another page of this member may have sent or changed meanwhile. */
  readonly #inherited = new Set<string>();
  /** Letters that take no more records: they are being sealed. */
  readonly #closed = new Set<string>();
  /** Letters of this page whose row is in the store with all that they hold: when it is gone, another page has sent it. */
  readonly #kept = new Set<string>();
  /** Letters of this page that were added to: what another page sent of them may not be all. */
  readonly #grown = new Set<string>();
  /** Frames that could not be kept, by blob id. */
  readonly #frames = new Map<string, Uint8Array>();
  /** Rows are written one change after the other, so that an older version never lands on a newer one. */
  readonly #inTurn = turnTaker();
  #order = 0;
  #stopped = false;

  constructor(parts: LetterBoxParts) {
    this.#parts = parts;
  }

  /** All letters, in order. */
  get letters(): Letter[] {
    return [...this.#letters.values()].sort((a, b) => a.order - b.order);
  }

  /** A letter by its key. */
  get(key: string): Letter | undefined {
    return this.#letters.get(key);
  }

  /** Changes a letter, where it is still there. */
  change(key: string, change: Partial<Letter>): void {
    const letter = this.#letters.get(key);
    if (letter !== undefined) this.#letters.set(key, { ...letter, ...change });
  }

  /** Takes a letter out. */
  remove(key: string): void {
    this.#letters.delete(key);
    for (const keys of [this.#closed, this.#kept, this.#grown]) keys.delete(key);
  }

  /** The upload frame of a chunk (blob id, hexadecimal) that waits. */
  async frame(id: string): Promise<Uint8Array | undefined> {
    return this.#frames.get(id) ?? (await this.#parts.store.frame(id));
  }

  /** From now on nothing joins a letter. */
  close(key: string): void {
    this.#closed.add(key);
  }

  /** Resolves when what has been asked for is written. */
  settled(): Promise<void> {
    return this.#inTurn(async () => {});
  }

  /** Rows are written no more; they stay in the store. */
  stop(): void {
    this.#stopped = true;
  }

  /** Reads what an earlier page left. Rows that cannot be read are left alone. */
  async load(): Promise<Letter[]> {
    const { store, openLocal, storageFailed } = this.#parts;
    try {
      for (const key of await store.keys()) {
        const sealed = await store.get(key);
        if (sealed === undefined) continue;
        try {
          const letter = decodeLetter(key, await openLocal(sealed));
          if (letter === undefined) continue;
          this.#letters.set(key, letter);
          this.#inherited.add(key);
        } catch {
          // Damaged, or of a version this client does not know: not ours to remove.
        }
      }
    } catch (cause) {
      storageFailed(cause);
    }
    this.#order = this.letters.at(-1)?.order ?? 0;
    return this.letters;
  }

  /** Adds a record to a letter of this page that still waits for the same member. @returns its key, or undefined when there is none */
  join({ recipient, record, at, due, chunks = [] }: Mail): string | undefined {
    if (chunks.length > 0) return undefined;
    for (const letter of this.#letters.values()) {
      const { key, records, purpose, failed, sealed } = letter;
      const open = purpose === 'message' && failed === undefined && sealed === undefined;
      if (!open || letter.recipient !== recipient || this.#inherited.has(key) || this.#closed.has(key))
        continue;
      if (records.some(({ hash }) => hash === record.hash)) return key;
      const joined = [...records, record];
      // As lines of the sent log they take more room, and must fit one blob too.
      if (letter.parts.length > 0 || !fitTogether(linesOf({ recipient, records: joined }, ANY_ID))) continue;
      if (Math.abs(at - letter.since) > JOIN_MS) continue;
      this.#letters.set(key, {
        ...letter,
        records: joined,
        since: Math.min(letter.since, at),
        due: Math.min(letter.due, due),
      });
      this.#grown.add(key);
      return key;
    }
    return undefined;
  }

  /** Begins a letter. @returns its key */
  begin({ recipient, record, at, due, chunks = [] }: Mail): string {
    const key = hex(randomBytes(16));
    const parts = chunks.map(({ id }) => id);
    const rest = { failed: undefined, sealed: undefined, order: ++this.#order, since: at, due };
    this.#letters.set(key, { key, recipient, purpose: 'message', records: [record], parts, ...rest });
    return key;
  }

  /** The letters with a record that the relay will never take. */
  failedWith(record: string): Letter[] {
    return this.letters.filter(
      ({ failed, records }) => failed !== undefined && records.some(({ hash }) => hash === record),
    );
  }

  /** The letter as it is now; as another page left it, where that may have sent it. */
  current(key: string): Promise<Letter | undefined> {
    return this.#inTurn(() => this.#current(key));
  }

  async #current(key: string): Promise<Letter | undefined> {
    const letter = this.#letters.get(key);
    const isShared = this.#inherited.has(key) || (this.#kept.has(key) && !this.#grown.has(key));
    if (letter === undefined || !isShared) return letter;
    try {
      const sealed = await this.#parts.store.get(key);
      const kept = sealed === undefined ? undefined : decodeLetter(key, await this.#parts.openLocal(sealed));
      // What happened to it here meanwhile is newer.
      if (this.#letters.get(key) !== letter) return this.#letters.get(key);
      if (sealed === undefined) this.remove(key);
      else if (kept !== undefined) this.#letters.set(key, kept);
      return this.#letters.get(key);
    } catch {
      return letter;
    }
  }

  /** Adds lines to the blob of the sent log that waits, or begins another. @returns keys of what has changed */
  addLines(lines: readonly LetterRecord[]): string[] {
    const { self, sentLogMinutes } = this.#parts;
    const now = this.#parts.now();
    for (const letter of this.#letters.values()) {
      const { key, purpose, sealed, failed, due } = letter;
      // A blob that is due is about to leave, and would take these lines along with no delay at all.
      if (purpose !== 'log' || sealed !== undefined || failed !== undefined || due <= now) continue;
      if (this.#inherited.has(key) || this.#closed.has(key)) continue;
      const records = withLines(letter.records, lines);
      if (records === undefined) continue;
      this.#letters.set(key, { ...letter, records });
      this.#grown.add(key);
      return [key];
    }
    const key = hex(randomBytes(16));
    const rest = { parts: [], failed: undefined, sealed: undefined, order: ++this.#order, since: now };
    this.#letters.set(key, {
      key,
      recipient: self,
      purpose: 'log',
      records: lines,
      due: logDue(now, sentLogMinutes),
      ...rest,
    });
    return [key];
  }

  /** Writes letters as they are when their turn comes, with whatever goes in the same step. */
  keep(keys: readonly string[], also: Omit<StoreChange, 'put'> = {}): Promise<void> {
    return this.#inTurn(async () => {
      // A page that is going has closed its store; what it did not remove is sent again, to no effect.
      if (this.#stopped) return;
      for (const id of also.removeFrames ?? []) this.#frames.delete(id);
      try {
        const letters = keys.flatMap((key) => this.#letters.get(key) ?? []);
        const rows = letters.map(async (letter) => ({
          key: letter.key,
          bytes: await this.#parts.sealLocal(encodeLetter(letter)),
        }));
        const put = (await Promise.all(rows)).filter(({ key }) => this.#letters.has(key));
        if (this.#stopped) return;
        await this.#parts.store.apply({ ...also, put });
        for (const { key } of put) this.#kept.add(key);
      } catch (cause) {
        for (const { key, bytes } of also.putFrames ?? []) this.#frames.set(key, bytes);
        this.#parts.storageFailed(cause);
      }
    });
  }
}
