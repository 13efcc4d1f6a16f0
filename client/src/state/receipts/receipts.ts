/** Read receipts (SPEC.md §8): what this member's client tells authors, some time after it was read, and what others told. */
import type { ReceiptBody } from '@relay/protocol';
import { fromHex, hex, MAX_RECEIPT_CONVERSATIONS, MAX_RECEIPT_RECORDS, randomBytes } from '@relay/protocol';
import type { After } from '../timer.ts';
import { after } from '../timer.ts';

/** Bounds of the delay, counted from the first record that waits: the relay is not to see when something is read. */
const DELAY_MS = [10_000, 40_000] as const;

/** A record of somebody else that this member has read. Everything in hexadecimal. */
export interface ReadRecord {
  author: string;
  conversation: string;
  hash: string;
}

/** What receipts need of the world. */
export interface ReceiptsParts {
  /** Hexadecimal key hash of this member. */
  self: string;
  /** Whether receipts are switched on now: this member then both tells and is told. */
  isOn(): boolean;
  /** Sends one receipt record to an author, in their direct conversation. */
  send(author: string, body: ReceiptBody): void;
  after?: After;
  /** A fraction from 0 up to 1 of a CSPRNG. */
  random?(): number;
}

function secureFraction(): number {
  return new DataView(randomBytes(4).buffer).getUint32(0) / 2 ** 32;
}

/** Bodies that tell of all these records, in the order they were read. */
function bodiesOf(records: readonly ReadRecord[]): ReceiptBody[] {
  const bodies: Map<string, string[]>[] = [];
  let room = 0;
  for (const { conversation, hash } of records) {
    let body = bodies.at(-1);
    const isNew = body?.has(conversation) !== true;
    if (body === undefined || room === 0 || (isNew && body.size === MAX_RECEIPT_CONVERSATIONS)) {
      body = new Map();
      bodies.push(body);
      room = MAX_RECEIPT_RECORDS;
    }
    const hashes = body.get(conversation);
    if (hashes === undefined) body.set(conversation, [hash]);
    else hashes.push(hash);
    room--;
  }
  return bodies.map((body) => ({
    read: [...body].map(([conversation, hashes]) => [fromHex(conversation), hashes.map(fromHex)]),
  }));
}

/** The receipts of one page. */
export class Receipts {
  readonly #parts: ReceiptsParts;
  /** What waits to be told, by author. */
  readonly #waiting = new Map<string, ReadRecord[]>();
  /** Hashes of records that need not be told again. */
  readonly #told = new Set<string>();
  /** Who said that it read a record, by its hash. */
  readonly #readers = new Map<string, Set<string>>();
  readonly #speakers = new Set<string>();
  #cancel: (() => void) | undefined;

  constructor(parts: ReceiptsParts) {
    this.#parts = parts;
  }

  /** Whether receipts may be shown: who tells nothing is told nothing. */
  get isShown(): boolean {
    return this.#parts.isOn();
  }

  /**
   * Collects records that this member has read just now, to tell their authors after a random delay of 10 to 40 seconds. Own ones, those
   * told before, and any while receipts are off are left out.
   */
  read(records: readonly ReadRecord[]): void {
    if (!this.#parts.isOn()) return;
    for (const record of records) {
      if (record.author === this.#parts.self || this.#told.has(record.hash)) continue;
      this.#told.add(record.hash);
      const waiting = this.#waiting.get(record.author);
      if (waiting === undefined) this.#waiting.set(record.author, [record]);
      else waiting.push(record);
    }
    if (this.#waiting.size === 0 || this.#cancel !== undefined) return;
    const [least, most] = DELAY_MS;
    const fraction = (this.#parts.random ?? secureFraction)();
    const later = this.#parts.after ?? after;
    this.#cancel = later(Math.round(least + fraction * (most - least)), () => this.flush());
  }

  /** Tells everything that waits now: before the page goes. When receipts were switched off meanwhile, it is dropped. */
  flush(): void {
    for (const author of [...this.#waiting.keys()])
      for (const body of this.flushFor(author)) this.#parts.send(author, body);
  }

  /**
   * Takes what waits for an author, so that it rides along with a message that goes there anyway.
   * @returns bodies of receipt records, at most 512 hashes each; none when receipts are off
   */
  flushFor(author: string): ReceiptBody[] {
    const records = this.#waiting.get(author) ?? [];
    this.#waiting.delete(author);
    if (this.#waiting.size === 0) this.stop();
    return this.#parts.isOn() ? bodiesOf(records) : [];
  }

  /**
   * Notes a receipt. One of this member's own, as its sent log or another window shows it, says what need not be told again.
   * @param author hexadecimal key hash of who read; whether it was a recipient of those records is for the caller to check
   */
  heard(author: string, body: ReceiptBody): void {
    const isOwn = author === this.#parts.self;
    if (!isOwn) this.#speakers.add(author);
    for (const hash of body.read.flatMap(([, hashes]) => hashes.map(hex))) {
      if (isOwn) this.#told.add(hash);
      else this.#readers.set(hash, (this.#readers.get(hash) ?? new Set()).add(author));
    }
  }

  /** Key hashes, hexadecimal, of those who said that they read a record; none while receipts are not shown. */
  readBy(hash: string): ReadonlySet<string> {
    return (this.isShown && this.#readers.get(hash)) || new Set();
  }

  /** Whether a member ever sent a receipt, so that its silence means something. */
  tells(member: string): boolean {
    return this.#speakers.has(member);
  }

  /** Ends the waiting. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
