/**
 * Takes deleted messages off the relay (SPEC.md §11): what went to others by capability, what lies in the own mailbox by session. Several records may share a
 * blob: those that stay are sent again.
 */
import type { FileBody } from '@relay/protocol';
import { fromHex } from '@relay/protocol';
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { VaultClient } from '../../crypto/spawn.ts';
import type { Book, Entry } from '../book.ts';
import { chunkIdsOf } from './chunk-ids.ts';
import { sourcesOf } from './long-text.ts';
import type { Poster } from './poster.ts';

/** What removing needs of the world. */
export interface RemovalParts {
  vault: Pick<VaultClient, 'deleteCapabilities' | 'fileBlobs'>;
  book: Book;
  poster: Poster;
  /** Deletes by capability, in any mailbox. */
  deleteByCapability(capabilities: readonly { id: Uint8Array; secret: Uint8Array }[]): Promise<void>;
  /** Deletes in the own mailbox. */
  deleteOwn(ids: readonly Uint8Array[]): Promise<void>;
  /** The content of a message is to be forgotten on this page. */
  forget(hash: string): void;
}

/** Which records came in a blob of the own mailbox, and the other way round. */
export class Removal {
  readonly #parts: RemovalParts;
  /** Hashes by blob id of the own mailbox. */
  readonly #records = new Map<string, string[]>();
  /** Blob ids of the own mailbox by hash. */
  readonly #blobs = new Map<string, Set<string>>();
  /** Hashes that this member deletes for everyone; of earlier pages the histories tell. */
  readonly #deleted = new Set<string>();
  /** Hashes that this member deleted for itself. */
  readonly #hidden = new Set<string>();

  constructor(parts: RemovalParts) {
    this.#parts = parts;
  }

  /** Notes that a blob of the own mailbox holds these records. */
  came(blob: string, hashes: readonly string[]): void {
    this.#records.set(blob, [...hashes]);
    for (const hash of hashes) {
      const blobs = this.#blobs.get(hash) ?? new Set();
      this.#blobs.set(hash, blobs.add(blob));
    }
  }

  /**
   * Deletes at the relay whatever of own records went to others, and its copies in the own mailbox. Whoever calls sends the tombstones afterwards.
   * @throws RelayError when the relay cannot be reached; it can be tried again
   */
  async fromEveryone({ kind }: Entry, records: readonly OpenedRecord[]): Promise<void> {
    for (const { hash } of records) this.#deleted.add(hash);
    try {
      await this.#deleteSent(records);
      for (const record of records) {
        await this.#deleteOwnCopies(record.hash);
        if (kind === 'notes') await this.#deleteChunks(record);
        this.#parts.forget(record.hash);
      }
    } catch (error) {
      for (const { hash } of records) this.#deleted.delete(hash);
      throw error;
    }
  }

  /** The relay has taken a letter with these records: those that were deleted for everyone meanwhile go again. */
  async arrived(hashes: readonly string[]): Promise<void> {
    const found = hashes.flatMap((hash) => this.#parts.book.entryOf(hash) ?? []);
    const late = found.filter(({ entry, record }) => this.#isDeleted(entry, record));
    await this.#deleteSent(late.map(({ record }) => record));
  }

  /**
   * Deletes a record's blob, and its file's, from the own mailbox. Whoever calls hides it afterwards.
   * @throws RelayError when the relay cannot be reached; it can be tried again
   */
  async fromSelf(record: OpenedRecord): Promise<void> {
    this.#hidden.add(record.hash);
    try {
      await this.#deleteOwnCopies(record.hash);
      if (record.fileKey !== undefined) await this.#deleteChunks(record);
      this.#parts.forget(record.hash);
    } catch (error) {
      this.#hidden.delete(record.hash);
      throw error;
    }
  }

  async #deleteSent(records: readonly OpenedRecord[]): Promise<void> {
    const members = new Set(records.flatMap(({ sentTo }) => sentTo.map(({ member }) => member)));
    for (const member of members) await this.#deleteSentTo(member, records);
  }

  async #deleteSentTo(member: string, records: readonly OpenedRecord[]): Promise<void> {
    const { vault, poster, deleteByCapability } = this.#parts;
    const blobs = new Set(records.flatMap((record) => blobsFor(member, record)));
    const rest = this.#restOf(member, blobs);
    if (rest.length > 0) await poster.again(member, rest);
    const chunks = await Promise.all(records.map((record) => this.#chunksOf(record, member)));
    const secrets = await vault.deleteCapabilities([{ peer: member, ids: [...blobs, ...chunks.flat()] }]);
    await deleteByCapability(secrets.map(({ id, secret }) => ({ id: fromHex(id), secret })));
    for (const record of [...records, ...rest])
      record.sentTo = record.sentTo.filter(({ blob }) => !blobs.has(blob));
  }

  /** What a member would lose with these blobs, though nobody deleted it. */
  #restOf(member: string, blobs: ReadonlySet<string>): OpenedRecord[] {
    return [...this.#parts.book.entries.values()].flatMap((entry) =>
      entry.history.timeline.records.filter((record) => {
        const sent = blobsFor(member, record);
        const isLost = sent.length > 0 && sent.every((blob) => blobs.has(blob));
        return isLost && !this.#isDeleted(entry, record);
      }),
    );
  }

  #isDeleted({ history }: Entry, record: OpenedRecord): boolean {
    return this.#deleted.has(record.hash) || history.isDeleted(record);
  }

  async #chunksOf(record: OpenedRecord, member: string): Promise<string[]> {
    const file = (record.body as Partial<FileBody>).file;
    const source = sourcesOf(record).find(({ peer, sent }) => sent && peer === member);
    if (file === undefined || source === undefined) return [];
    const all: string[] = [];
    for await (const ids of chunkIdsOf(this.#parts.vault, { ...source, ...file })) all.push(...ids);
    return all;
  }

  /** A blob of the own mailbox goes when nothing in it is left to show. */
  async #deleteOwnCopies(hash: string): Promise<void> {
    const blobs = [...(this.#blobs.get(hash) ?? [])];
    const isGone = (other: string) => this.#deleted.has(other) || this.#hidden.has(other);
    const empty = blobs.filter((blob) => this.#records.get(blob)?.every(isGone));
    if (empty.length > 0) await this.#parts.deleteOwn(empty.map(fromHex));
  }

  async #deleteChunks(record: OpenedRecord): Promise<void> {
    const file = (record.body as Partial<FileBody>).file;
    const { fileKey, author: peer } = record;
    if (file === undefined || fileKey === undefined) return;
    for await (const ids of chunkIdsOf(this.#parts.vault, { peer, sent: false, fileKey, ...file }))
      await this.#parts.deleteOwn(ids.map(fromHex));
  }
}

/** Ids of the blobs in which a record went to a member. */
function blobsFor(member: string, { sentTo }: OpenedRecord): string[] {
  return sentTo.filter((sent) => sent.member === member).map(({ blob }) => blob);
}
