/**
 * The outbox: what is sealed and not yet acknowledged. Items are kept as ciphertext, leave in order for each recipient, are removed only when
 * the relay has acknowledged them, and stay, visibly, when it refuses them.
 */
import type { ErrorCode } from '@relay/protocol';
import { decodeUploadFrame, isRelayError, OUTBOX_HOURS, RelayError } from '@relay/protocol';
import type { OutboxStore } from '../storage/outbox-store.ts';
import type { CarriageParts } from './carriage.ts';
import { Carriage } from './carriage.ts';
import type { NewOutboxItem, OutboxItem } from './outbox-item.ts';
import { decodeOutboxItem, encodeOutboxItem } from './outbox-item.ts';

const HOUR = 3_600_000;
/** How soon a fault that may pass is tried again, in milliseconds. */
const RETRY_MS = 30_000;

/** The relay will not take such an item, however often it is offered. */
const FINAL: readonly ErrorCode[] = [
  'recipient_unknown',
  'blob_conflict',
  'bad_request',
  'payload_too_large',
  'record_time',
];

/** What the outbox needs of the world. */
export interface OutboxParts extends CarriageParts {
  store: OutboxStore;
  sealLocal(plaintext: Uint8Array): Promise<Uint8Array>;
  openLocal(sealed: Uint8Array): Promise<Uint8Array>;
  /** Runs something while no other page of this member does. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  now(): number;
  /** Something was added, left or failed. */
  changed(): void;
  /** Rows could not be read, kept or removed. */
  storageFailed(cause: unknown): void;
  /** Whether an item of the sent log must wait, although it is due. */
  holds(item: OutboxItem): boolean;
  /** The relay will never take an item. */
  refused(item: OutboxItem, code: ErrorCode): void;
  /** An item is about to leave: it must not be replaced any more. */
  leaving(item: OutboxItem): void;
}

/** The outbox of one member on one page. */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #items = new Map<string, OutboxItem>();
  /** Items that another page of this member may have sent meanwhile. */
  readonly #inherited = new Set<string>();
  /** Why items that wait could not leave when it was tried last. */
  readonly #delays = new Map<string, ErrorCode>();
  #order = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flushing = false;
  #again = false;
  #stopped = false;
  #online = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Everything that waits, in order. */
  get items(): OutboxItem[] {
    return [...this.#items.values()].toSorted((a, b) => a.order - b.order);
  }

  /** The blob (65,536 bytes) of an item that waits. */
  blobOf(id: string): Uint8Array | undefined {
    const item = this.#items.get(id);
    return item === undefined ? undefined : blobOf(item);
  }

  /** Why an item that waits could not leave when it was tried last. */
  delayOf(id: string): ErrorCode | undefined {
    return this.#delays.get(id);
  }

  /** Reads what an earlier page left. Rows that cannot be read are left alone. */
  async load(): Promise<OutboxItem[]> {
    const { store, openLocal, storageFailed } = this.#parts;
    try {
      for (const key of await store.keys()) {
        const sealed = await store.get(key);
        if (sealed === undefined) continue;
        try {
          const item = decodeOutboxItem(await openLocal(sealed));
          this.#items.set(item.id, item);
          this.#inherited.add(item.id);
        } catch {
          // Damaged, or of a version this client does not know: not ours to remove.
        }
      }
    } catch (cause) {
      storageFailed(cause);
    }
    this.#order = this.items.at(-1)?.order ?? 0;
    this.#parts.changed();
    return this.items;
  }

  /**
   * Adds items, removing others in the same step. When they cannot be kept, they are in memory all the same.
   * @param items without their place in the queue; they leave in this order
   */
  async add(items: readonly NewOutboxItem[], replaces: readonly string[] = []): Promise<void> {
    const added = items.map((item) => ({ ...item, order: ++this.#order, failed: undefined }));
    for (const id of replaces) this.#items.delete(id);
    for (const item of added) this.#items.set(item.id, item);
    this.#parts.changed();
    await this.#keep(added, replaces);
    this.flush();
  }

  /** Tells whether the relay can be reached; items leave only when it can. */
  setOnline(online: boolean): void {
    this.#online = online;
    if (online) this.flush();
  }

  /** Sends whatever is due. */
  flush(): void {
    if (this.#stopped || !this.#online) return;
    this.#again = this.#flushing;
    if (this.#flushing) return;
    this.#flushing = true;
    void this.#parts
      .exclusively(() => this.#flushAll())
      .then(() => Number.POSITIVE_INFINITY, retryAfterOf)
      .then((wait) => {
        this.#flushing = false;
        if (this.#again) this.flush();
        else this.#schedule(wait);
      });
  }

  /** Ends all activity; rows stay in the store. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#parts.store.close();
  }

  /** One lane for each recipient, side by side; then the sent log, which waits for what it tells of. */
  async #flushAll(): Promise<void> {
    const due = this.#due().filter(({ purpose }) => purpose !== 'log');
    const lanes = [...Map.groupBy(due, ({ recipient }) => recipient).values()];
    const results = await Promise.allSettled(lanes.map((lane) => this.#flushLane(lane)));
    const log = this.#due().filter((item) => item.purpose === 'log' && !this.#parts.holds(item));
    results.push(...(await Promise.allSettled([this.#flushLane(log)])));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  #due(): OutboxItem[] {
    const now = this.#parts.now();
    return this.items.filter((item) => item.due <= now && item.failed === undefined);
  }

  /** A fault that may pass ends the lane until the next flush. */
  async #flushLane(lane: readonly OutboxItem[]): Promise<void> {
    const carriage = new Carriage(this.#parts);
    for (const { id } of lane) {
      if (this.#stopped || !this.#online) return;
      const item = this.#items.get(id);
      if (item === undefined || item.failed !== undefined) continue;
      if (!(await this.#hasLeftElsewhere(item))) {
        this.#parts.leaving(item);
        try {
          if (this.#parts.now() - item.since > OUTBOX_HOURS * HOUR && item.purpose !== 'log')
            throw new RelayError('record_time');
          await carriage.carry(item);
        } catch (error) {
          if (!isRelayError(error) || !FINAL.includes(error.code)) {
            this.#delay(item, error);
            throw error;
          }
          await this.#fail(item, error.code);
          continue;
        }
      }
      this.#items.delete(id);
      this.#delays.delete(id);
      this.#parts.changed();
      await this.#store({ remove: [id] });
    }
  }

  #delay(item: OutboxItem, error: unknown): void {
    this.#delays.set(item.id, error instanceof RelayError ? error.code : 'internal');
    this.#parts.changed();
  }

  async #hasLeftElsewhere({ id }: OutboxItem): Promise<boolean> {
    if (!this.#inherited.has(id)) return false;
    try {
      return (await this.#parts.store.get(id)) === undefined;
    } catch {
      return false;
    }
  }

  /** A message fails as a whole: its parts are of no use without it. */
  async #fail(item: OutboxItem, code: ErrorCode): Promise<void> {
    const whole = item.record === '' ? [item] : this.items.filter(({ record }) => record === item.record);
    const failed = whole.map((part) => ({ ...part, failed: code }));
    for (const part of failed) this.#items.set(part.id, part);
    this.#parts.refused(item, code);
    this.#parts.changed();
    await this.#keep(failed, []);
  }

  async #keep(items: readonly OutboxItem[], remove: readonly string[]): Promise<void> {
    try {
      const rows = items.map(async (item) => ({
        key: item.id,
        sealed: await this.#parts.sealLocal(encodeOutboxItem(item)),
      }));
      const put = await Promise.all(rows);
      await this.#store({ put: put.filter(({ key }) => this.#items.has(key)), remove });
    } catch (cause) {
      this.#parts.storageFailed(cause);
    }
  }

  async #store(change: Parameters<OutboxStore['apply']>[0]): Promise<void> {
    // A page that is going has closed its store; what it did not remove is sent again, to no effect.
    if (this.#stopped) return;
    await this.#parts.store.apply(change).catch(this.#parts.storageFailed);
  }

  /** Flushes again after `wait` milliseconds, or when something comes to be due, whichever is sooner. */
  #schedule(wait: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const now = this.#parts.now();
    const dues = this.items.filter(({ failed, due }) => failed === undefined && due > now);
    const soonest = dues.reduce((least, { due }) => Math.min(least, due - now), wait);
    // A timer cannot be set for longer than some weeks.
    if (Number.isFinite(soonest)) this.#timer = setTimeout(() => this.flush(), Math.min(soonest, HOUR));
  }
}

/** The blob (65,536 bytes) in an item's upload frame. */
export function blobOf({ frame }: Pick<OutboxItem, 'frame'>): Uint8Array {
  return decodeUploadFrame(frame).blob;
}

function retryAfterOf(error: unknown): number {
  const asked = error instanceof RelayError ? (error.retryAfter ?? 0) * 1_000 : 0;
  return Math.max(RETRY_MS, asked);
}
