/**
 * The outbox: what was written and not yet acknowledged. Letters are kept sealed under this member's own key, leave in order for each recipient, are
 * removed only when the relay has acknowledged them, and stay, visibly, when it refuses them.
 */
import type { BodyRecord, ErrorCode } from '@relay/protocol';
import { OUTBOX_HOURS, RelayError } from '@relay/protocol';
import type { Parcel } from '../../crypto/parcel.ts';
import type { StoreChange } from '../../storage/local-store.ts';
import { isFinal, retryMs } from '../final-faults.ts';
import type { CarriageParts } from './carriage.ts';
import { Carriage } from './carriage.ts';
import type { Letter } from './letter.ts';
import type { LetterBoxParts, Mail } from './letter-box.ts';
import { LetterBox } from './letter-box.ts';
import { linesOf } from './sent-log.ts';

const HOUR = 3_600_000;
/** How soon a fault that may pass is tried again, in milliseconds. */
const RETRY_MS = 30_000;

/** What the outbox needs of the world. */
export interface OutboxParts extends CarriageParts, LetterBoxParts {
  /** Seals records for a recipient (SPEC.md §6), or as this member's sent log (§10). */
  seal(recipient: string, kind: 'message' | 'sentLog', records: readonly BodyRecord[]): Promise<Parcel>;
  /** Runs something while no other page of this member does. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Something was added, left or failed. */
  changed(): void;
  /** The relay has a letter that is no sent log. */
  acknowledged(letter: Letter, blob: string): void;
  /** The relay will never take a blob of the sent log. */
  logRefused(code: ErrorCode): void;
}

export type { Mail } from './letter-box.ts';

/** The outbox of one member on one page. */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #box: LetterBox;
  /** Why letters that wait could not leave when it was tried last. */
  readonly #delays = new Map<string, ErrorCode>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flushing = false;
  #again = false;
  /** When it was last looked what is due. */
  #lookedAt = 0;
  #stopped = false;
  #online = false;
  #held = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.#box = new LetterBox(parts);
  }

  /** Everything that waits, in order. */
  get letters(): Letter[] {
    return this.#box.letters;
  }

  /** Why a letter that waits could not leave when it was tried last. */
  delayOf(key: string): ErrorCode | undefined {
    return this.#delays.get(key);
  }

  /** Reads what an earlier page left. Rows that cannot be read are left alone. */
  async load(): Promise<Letter[]> {
    const letters = await this.#box.load();
    this.#parts.changed();
    return letters;
  }

  /** The upload frame of a chunk (blob id, hexadecimal) that waits. */
  frame(id: string): Promise<Uint8Array | undefined> {
    return this.#box.frame(id);
  }

  /**
   * Takes records, all or none. When they cannot be kept over a reload, they are in memory all the same.
   * @param also rows that go in the same step
   */
  async post(mails: readonly Mail[], also: Pick<StoreChange, 'remove'> = {}): Promise<void> {
    const touched = mails.map((mail) => this.#box.join(mail) ?? this.#box.begin(mail));
    this.#parts.changed();
    const putFrames = mails.flatMap(({ chunks = [] }) =>
      chunks.map(({ id, frame }) => ({ key: id, bytes: frame })),
    );
    await this.#box.keep([...new Set(touched)], { ...also, putFrames });
    this.flush();
  }

  /** Tries what failed again, sealed anew; see `Actions.retry`. */
  async retry(record: string): Promise<void> {
    const failed = this.#box.failedWith(record);
    for (const letter of failed) {
      this.#box.change(letter.key, { failed: undefined, sealed: undefined });
    }
    this.#parts.changed();
    await this.#box.keep(failed.map(({ key }) => key));
    this.flush();
  }

  /** Gives a record of a letter that failed other chunks, under another file key (32 bytes); see {@link Outbox.retry}. */
  async renew(key: string, record: string, fileKey: Uint8Array, chunks: readonly Parcel[]): Promise<void> {
    const letter = this.#box.get(key);
    if (letter?.failed === undefined) return;
    const records = letter.records.map((one) =>
      one.hash === record ? { ...one, private: { ...one.private, file: fileKey.slice() } } : one,
    );
    this.#box.change(key, { records, parts: chunks.map(({ id }) => id), sealed: undefined });
    const putFrames = chunks.map(({ id, frame }) => ({ key: id, bytes: frame }));
    await this.#box.keep([key], { putFrames, removeFrames: letter.parts });
  }

  /** Removes a record from the letters that failed, and those of them that hold nothing else. */
  async discard(record: string): Promise<void> {
    const kept: string[] = [];
    const remove: string[] = [];
    const removeFrames: string[] = [];
    for (const letter of this.#box.failedWith(record)) {
      const records = letter.records.filter(({ hash }) => hash !== record);
      if (records.length > 0) {
        this.#box.change(letter.key, { records, parts: [], sealed: undefined });
        kept.push(letter.key);
      } else {
        this.#box.remove(letter.key);
        remove.push(letter.key);
      }
      removeFrames.push(...letter.parts);
    }
    this.#parts.changed();
    await this.#box.keep(kept, { remove, removeFrames });
  }

  /** Tells whether the relay can be reached; letters leave only when it can. */
  setOnline(online: boolean): void {
    this.#online = online;
    if (online) this.flush();
  }

  /** Holds everything back while a newer roster is not here (SPEC.md §16), or lets it go. */
  setHeld(held: boolean): void {
    this.#held = held;
    if (!held) this.flush();
  }

  /** Sends whatever is due. */
  flush(): void {
    if (!this.#goes) return;
    this.#again = this.#flushing;
    if (this.#flushing) return;
    this.#flushing = true;
    void this.#parts
      .exclusively(() => this.#flushAll())
      .then(
        () => Number.POSITIVE_INFINITY,
        (error: unknown) => retryMs(error, RETRY_MS),
      )
      .then((wait) => {
        this.#flushing = false;
        if (this.#again) this.flush();
        else this.#schedule(wait);
      });
  }

  /** Resolves when everything that happened is in the store. */
  settled(): Promise<void> {
    return this.#box.settled();
  }

  /** Ends all activity; rows stay in the store. */
  stop(): void {
    this.#stopped = true;
    this.#box.stop();
    clearTimeout(this.#timer);
  }

  get #goes(): boolean {
    return !this.#stopped && this.#online && !this.#held;
  }

  /** One lane for each recipient, side by side; then the sent log. */
  async #flushAll(): Promise<void> {
    this.#lookedAt = this.#parts.now();
    const due = this.#due().filter(({ purpose }) => purpose !== 'log');
    const lanes = [...Map.groupBy(due, ({ recipient }) => recipient).values()];
    const results = await Promise.allSettled(lanes.map((lane) => this.#flushLane(lane)));
    const log = this.#due().filter(({ purpose }) => purpose === 'log');
    results.push(...(await Promise.allSettled([this.#flushLane(log)])));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  #due(): Letter[] {
    const now = this.#parts.now();
    return this.letters.filter((letter) => letter.due <= now && letter.failed === undefined);
  }

  async #flushLane(lane: readonly Letter[]): Promise<void> {
    const [first] = lane;
    if (first === undefined) return;
    const carriage = new Carriage(this.#parts);
    try {
      await this.#flushLetters(carriage, lane);
    } finally {
      carriage.release(first.recipient);
    }
  }

  /** A fault that may pass ends the lane until the next flush. */
  async #flushLetters(carriage: Carriage, lane: readonly Letter[]): Promise<void> {
    for (const { key } of lane) {
      if (!this.#goes) return;
      const letter = await this.#box.current(key);
      if (letter === undefined) this.#parts.changed();
      if (letter === undefined || letter.failed !== undefined) continue;
      try {
        const blob = await this.#carry(carriage, letter);
        await this.#arrived(key, blob);
      } catch (error) {
        if (!isFinal(error)) {
          this.#delays.set(key, error instanceof RelayError ? error.code : 'internal');
          this.#parts.changed();
          throw error;
        }
        await this.#fail(key, error.code);
      }
    }
  }

  /** @returns the blob's id */
  async #carry(carriage: Carriage, letter: Letter): Promise<string> {
    const { key, recipient, purpose, since } = letter;
    if (purpose !== 'log' && this.#parts.now() - since > OUTBOX_HOURS * HOUR)
      throw new RelayError('record_time');
    const { id, frame } = await this.#sealed(letter);
    // A page that is going keeps nothing any more: the next one could not tell which bytes it had sent.
    if (this.#stopped) throw new RelayError('session_ended');
    for (const part of this.#box.get(key)?.parts ?? []) {
      const chunk = await this.#box.frame(part);
      if (chunk !== undefined) await carriage.carry({ recipient, id: part, frame: chunk });
    }
    await carriage.carry({ recipient, id, frame });
    return id;
  }

  /** Seals a letter and keeps the very bytes, so that whatever happens next, no other bytes go under this id. */
  async #sealed({
    key,
    recipient,
    purpose,
    sealed,
  }: Letter): Promise<Parcel | NonNullable<Letter['sealed']>> {
    if (sealed !== undefined) return sealed;
    this.#box.close(key);
    const records = (this.#box.get(key)?.records ?? []).map(({ content, private: part }) => ({
      content,
      private: part,
    }));
    const { id, frame } = await this.#parts.seal(
      recipient,
      purpose === 'log' ? 'sentLog' : 'message',
      records,
    );
    this.#box.change(key, { sealed: { id, frame } });
    await this.#box.keep([key]);
    return { id, frame };
  }

  /** A letter is at the relay: it leaves, and its lines join the sent log in the same step. A note to oneself is in the own mailbox already. */
  async #arrived(key: string, blob: string): Promise<void> {
    const letter = this.#box.get(key);
    if (letter === undefined) return;
    this.#box.remove(key);
    this.#delays.delete(key);
    const isLogged = letter.purpose === 'message' && letter.recipient !== this.#parts.self;
    const log = isLogged ? this.#box.addLines(linesOf(letter, blob)) : [];
    if (letter.purpose === 'message') this.#parts.acknowledged(letter, blob);
    this.#parts.changed();
    await this.#box.keep(log, { remove: [key], removeFrames: letter.parts });
  }

  async #fail(key: string, code: ErrorCode): Promise<void> {
    const letter = this.#box.get(key);
    if (letter === undefined) return;
    this.#box.change(key, { failed: code });
    if (letter.purpose === 'log') this.#parts.logRefused(code);
    this.#parts.changed();
    await this.#box.keep([key]);
  }

  /** Flushes again after `wait` milliseconds, or when something comes to be due, whichever is sooner. */
  #schedule(wait: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const now = this.#parts.now();
    // Some may have come to be due since the letters were looked at.
    const dues = this.letters.filter(({ failed, due }) => failed === undefined && due > this.#lookedAt);
    const soonest = dues.reduce((least, { due }) => Math.min(least, Math.max(0, due - now)), wait);
    // A timer cannot be set for longer than some weeks.
    if (Number.isFinite(soonest)) this.#timer = setTimeout(() => this.flush(), Math.min(soonest, HOUR));
  }
}
