/** Every file on its way out; what is sealed survives a reload (SPEC.md §7). */
import type { ErrorCode } from '@relay/protocol';
import { hex, randomBytes } from '@relay/protocol';
import { asFault } from '../fault.ts';
import type { Fault, UploadItem } from '../model.ts';
import { cleanFile } from './clean-file.ts';
import { fileName, fileType } from './file-name.ts';
import type { DeletingParts } from './remains.ts';
import { deleteChunks } from './remains.ts';
import { slots } from './slots.ts';
import { Spool } from './spool.ts';
import type { UploadParts } from './upload.ts';
import { Upload } from './upload.ts';
import type { UploadRow } from './upload-row.ts';
import { decodeUploadRow } from './upload-row.ts';

/** Blobs on their way at once, over all uploads: more would only wait in the browser, until they are given up as silent. */
const AT_ONCE = 6;

/** What was made under these keys can never arrive; all of it goes again, under others. */
const LOST: readonly (ErrorCode | undefined)[] = ['blob_conflict', 'record_time', 'file_changed'];

/** A file that is at the relay as a whole, for every recipient. */
export interface FinishedUpload {
  /** Conversation id, hexadecimal. */
  conversation: string;
  name: string;
  type: string;
  /** Bytes. */
  size: number;
  /** SHA-256 of the whole file, 32 bytes. */
  hash: Uint8Array;
  reply: string | undefined;
  /** File keys (32 bytes) by key hash. */
  keys: readonly { member: string; fileKey: Uint8Array }[];
  /** The upload's row: it goes when the message is kept. */
  rowKey: string;
}

/** What uploads need of the world. */
export interface UploadsParts extends Omit<UploadParts, 'goes' | 'finish' | 'vault'> {
  vault: UploadParts['vault'] & DeletingParts['vault'];
  /** Serial of the roster in use. */
  rosterSerial(): number;
  deleteByCapability: DeletingParts['deleteByCapability'];
  /** Runs something while no other page of this member works on the upload of that name. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Sends the message of a file, and removes the upload's row in the same step. @throws RelayError when it cannot go now: it is tried again */
  finished(upload: FinishedUpload): Promise<void>;
}

/** What is to be sent. */
export interface NewUpload {
  conversation: string;
  /** Key hashes, hexadecimal. */
  recipients: readonly string[];
  file: Blob;
  name: string;
  type: string;
  reply?: string;
}

type Subject = Pick<UploadRow, 'conversation' | 'name' | 'type' | 'size' | 'reply'>;

/** The uploads of one page. */
export class Uploads {
  readonly #parts: UploadsParts;
  readonly #uploadParts: UploadParts;
  readonly #uploads = new Map<string, Upload>();
  /** Those that are worked on, or wait until another page has done so. */
  readonly #running = new Map<string, Promise<void>>();
  /** Those that were asked for something while they were worked on. */
  readonly #again = new Set<string>();
  #online = false;
  #held = false;
  #stopped = false;

  constructor(parts: UploadsParts) {
    this.#parts = parts;
    const inSlot = slots(AT_ONCE);
    this.#uploadParts = {
      ...parts,
      upload: (ticket, frame) => inSlot(() => parts.upload(ticket, frame)),
      goes: () => this.#online && !this.#held && !this.#stopped,
      finish: ({ key, prefix, recipients, ...row }) =>
        parts.finished({ ...subjectOf(row), hash: prefix, keys: recipients, rowKey: key }),
    };
  }

  /** Takes up what an earlier page left. Rows that cannot be read are left alone. */
  async load(): Promise<void> {
    const { store, vault, storageFailed } = this.#parts;
    try {
      for (const key of await store.keys()) {
        const sealed = await store.get(key);
        if (sealed === undefined) continue;
        try {
          const row = decodeUploadRow(key, await vault.openLocal(sealed));
          if (row !== undefined) this.#take(row, undefined, true);
        } catch {
          // Damaged, or of a version this client does not know: not ours to remove.
        }
      }
    } catch (cause) {
      storageFailed(cause);
    }
  }

  /** Begins to send a file; images lose their metadata first. */
  async begin({ conversation, recipients, file, name, type, reply }: NewUpload): Promise<void> {
    const clean = await cleanFile(file);
    const subject = { conversation, name: fileName(name), type: fileType(type), size: clean.size, reply };
    this.#take(this.#newRow(subject, recipients), clean, false);
  }

  /** See `Actions.pauseUpload`. */
  pause(id: string): void {
    this.#uploads.get(id)?.ask({ isPaused: true });
    this.#start(id);
  }

  /** See `Actions.resumeUpload`. */
  async resume(id: string, file?: Blob): Promise<Fault | undefined> {
    const upload = this.#uploads.get(id);
    if (upload === undefined) return undefined;
    try {
      const { row } = upload;
      const isLost = LOST.includes(row.failed);
      const original =
        file === undefined ? upload.file : await this.#original(row, isLost ? 0 : row.sealed, file);
      if (isLost) {
        const members = row.recipients.map(({ member }) => member);
        this.#take(this.#newRow(row, members), original, false);
        await this.cancel(id);
      } else {
        upload.file = original;
        upload.ask({ isPaused: false, failed: undefined });
        this.#start(id);
      }
      return undefined;
    } catch (error) {
      return asFault(error);
    }
  }

  /** See `Actions.cancelUpload`. */
  async cancel(id: string): Promise<void> {
    const upload = this.#uploads.get(id);
    if (upload === undefined) return;
    upload.stop();
    this.#uploads.delete(id);
    this.#parts.changed();
    // What is on its way must have arrived before it can be deleted. Where another page works on it, this one does not wait.
    if (upload.isRunning) await this.#running.get(id);
    try {
      // What cannot be deleted now is of no use to anybody, and expires.
      const chunks = await upload.remove();
      await deleteChunks(this.#parts, chunks).catch(() => {});
    } catch (cause) {
      this.#parts.storageFailed(cause);
    }
  }

  /** Tells whether the relay can be reached. */
  setOnline(online: boolean): void {
    this.#online = online;
    this.#wake();
  }

  /** Holds everything back while a newer roster is not here (SPEC.md §16), or lets it go. */
  setHeld(held: boolean): void {
    this.#held = held;
    this.#wake();
  }

  /** Ends all activity; what is sealed stays in the store. */
  stop(): void {
    this.#stopped = true;
    for (const upload of this.#uploads.values()) upload.stop();
  }

  /** The uploads of a conversation, oldest first. */
  itemsOf(conversation: string): UploadItem[] {
    return [...this.#uploads.values()]
      .filter(({ row }) => row.conversation === conversation)
      .sort((a, b) => a.row.since - b.row.since)
      .map(({ item }) => item);
  }

  #newRow(subject: Subject, members: readonly string[]): UploadRow {
    return {
      ...subjectOf(subject),
      key: hex(randomBytes(16)),
      recipients: members.map((member) => ({ member, fileKey: randomBytes(32) })),
      rosterSerial: this.#parts.rosterSerial(),
      sealed: 0,
      prefix: new Uint8Array(32),
      isComplete: false,
      isPaused: false,
      failed: undefined,
      since: this.#parts.now(),
    };
  }

  #take(row: UploadRow, file: Blob | undefined, isKept: boolean): void {
    this.#uploads.set(row.key, new Upload(this.#uploadParts, row, file, isKept));
    this.#parts.changed();
    this.#start(row.key);
  }

  /**
   * Makes sure that a file is the one that was begun.
   * @param sealed how many of its chunks are sealed: as far as that it must be the same
   * @throws RelayError `file_changed`
   */
  async #original(row: UploadRow, sealed: number, file: Blob): Promise<Blob> {
    const clean = await cleanFile(file);
    await Spool.check(this.#parts.vault, clean, { ...row, sealed });
    return clean;
  }

  #wake(): void {
    for (const upload of this.#uploads.values()) upload.wake();
  }

  #start(id: string): void {
    const upload = this.#uploads.get(id);
    if (upload === undefined || this.#stopped) return;
    if (this.#running.has(id)) {
      this.#again.add(id);
      return;
    }
    const run = this.#parts
      .exclusively(`relay-upload-${id}`, () => upload.run())
      .catch(this.#parts.storageFailed)
      .then(() => {
        this.#running.delete(id);
        if (upload.isOver) this.#uploads.delete(id);
        this.#parts.changed();
        if (this.#again.delete(id)) this.#start(id);
      });
    this.#running.set(id, run);
  }
}

function subjectOf({ conversation, name, type, size, reply }: Subject): Subject {
  return { conversation, name, type, size, reply };
}
