/** Sends the texts that a member writes, sends again what failed, and discards what shall not go. */
import type { Bytes } from '@relay/protocol';
import {
  fromHex,
  MAX_INLINE_TEXT_BYTES,
  MAX_TEXT_BYTES,
  OUTBOX_HOURS,
  RelayError,
  utf8,
} from '@relay/protocol';
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { Parcel } from '../../crypto/parcel.ts';
import type { VaultClient } from '../../crypto/spawn.ts';
import type { Book, Entry } from '../book.ts';
import { asFault, faultOf } from '../fault.ts';
import type { Fault, SendOptions } from '../model.ts';
import type { Letter } from '../outbox/letter.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { LongTexts } from './long-text.ts';
import type { Post, Poster } from './poster.ts';

const HOUR = 3_600_000;

/** What the sender needs of the world. */
export interface SenderParts {
  vault: Pick<VaultClient, 'sealFile'>;
  book: Book;
  poster: Poster;
  outbox: Outbox;
  texts: LongTexts;
  now(): number;
  /** Whether something can be written in a conversation now; the reason where not. */
  closed(entry: Entry): Fault | undefined;
  /** Runs sending one after the other. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Posts whatever waits for a member and may ride along. */
  before(entry: Entry): Promise<void>;
}

/** A text without what decoders would not take for a part of it. */
export function asWritten(text: string): string {
  return text.replace(/^\uFEFF+/, '');
}

/** Sends for one member, one message after the other. */
export class Sender {
  readonly #parts: SenderParts;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** See `Actions.sendText`. */
  sendText(conversationId: string, text: string, options: SendOptions = {}): Promise<Fault | undefined> {
    return this.#parts.inTurn(async () => {
      const said = asWritten(text);
      if (said.trim() === '') return faultOf('bad_request', 'There is nothing to send yet.');
      const entry = this.#parts.book.entries.get(conversationId);
      if (entry === undefined) return faultOf('recipient_unknown');
      return this.#parts.closed(entry) ?? this.#trySend(entry, said, options.reply);
    });
  }

  /** See `Actions.retry`; does nothing for a message that has not failed. */
  async retry(messageKey: string): Promise<void> {
    await this.#parts.inTurn(async () => {
      const { book, outbox, now } = this.#parts;
      const found = book.entryOf(messageKey);
      const failed = outbox.letters.filter((letter) => hasFailed(letter, messageKey));
      if (found === undefined || failed.length === 0) return;
      const isLate = now() - found.record.at > OUTBOX_HOURS * HOUR;
      if (!isLate) {
        for (const letter of failed) await this.#renew(letter, messageKey);
        return outbox.retry(messageKey);
      }
      // So old a record would be refused where it arrives: the same text goes in a new one.
      const text = found.entry.history.currentText(messageKey) ?? this.#parts.texts.textOf(messageKey);
      if (text === undefined) return;
      if ((await this.#trySend(found.entry, text, undefined)) === undefined)
        await this.#forget(found.entry, messageKey);
    });
  }

  /** See `Actions.discard`; does nothing for a message that has not failed. */
  discard(messageKey: string): Promise<void> {
    return this.#parts.inTurn(async () => {
      const found = this.#parts.book.entryOf(messageKey);
      if (found !== undefined) await this.#forget(found.entry, messageKey);
    });
  }

  async #trySend(entry: Entry, text: string, reply: string | undefined): Promise<Fault | undefined> {
    try {
      await this.#parts.before(entry);
      await this.#send(entry, text, reply);
      return undefined;
    } catch (error) {
      return asFault(error);
    }
  }

  async #send(entry: Entry, text: string, reply: string | undefined): Promise<void> {
    const { poster, texts } = this.#parts;
    const bytes = utf8(text);
    const answers = reply === undefined ? {} : { reply: fromHex(reply) };
    if (bytes.length > MAX_TEXT_BYTES) throw new RelayError('text_too_long');
    if (bytes.length <= MAX_INLINE_TEXT_BYTES) {
      await poster.post(entry, { kind: 'text', body: { text, ...answers } });
      return;
    }
    const { file, ...along } = await this.#cut(entry, bytes);
    const record = await poster.post(entry, { kind: 'text', body: { file, ...answers }, ...along });
    texts.know(record.hash, text);
  }

  /** A text that is too long for a record goes as chunks, under a key of its own for each recipient. */
  async #cut(
    entry: Entry,
    bytes: Uint8Array,
  ): Promise<Pick<Post, 'fileKeys' | 'chunks'> & { file: { size: number; hash: Bytes } }> {
    const fileKeys = new Map<string, Uint8Array>();
    const chunks = new Map<string, readonly Parcel[]>();
    let file = { size: bytes.length, hash: new Uint8Array() as Bytes };
    for (const recipient of this.#parts.book.recipientsOf(entry)) {
      const sealed = await this.#parts.vault.sealFile(recipient, bytes);
      fileKeys.set(recipient, sealed.fileKey);
      chunks.set(recipient, sealed.parcels);
      file = { size: sealed.size, hash: sealed.hash.slice() };
    }
    return { file, fileKeys, chunks };
  }

  /** Chunks that were refused stay refused: they are cut anew, where the text is here. */
  async #renew({ key, recipient, parts }: Letter, hash: string): Promise<void> {
    const { vault, outbox, texts } = this.#parts;
    const text = texts.textOf(hash);
    if (parts.length === 0 || text === undefined) return;
    const { fileKey, parcels } = await vault.sealFile(recipient, utf8(text));
    await outbox.renew(key, hash, fileKey, parcels);
  }

  /** It leaves the outbox, and the sight where it reached nobody. */
  async #forget({ history }: Entry, hash: string): Promise<void> {
    const { outbox } = this.#parts;
    if (!outbox.letters.some((letter) => hasFailed(letter, hash))) return;
    await outbox.discard(hash);
    const waits = outbox.letters.some(({ records }) => records.some((record) => record.hash === hash));
    const record = history.record(hash) as OpenedRecord | undefined;
    if (!waits && record?.sentTo.length === 0) history.discard(hash);
  }
}

function hasFailed({ failed, records }: Outbox['letters'][number], hash: string): boolean {
  return failed !== undefined && records.some((record) => record.hash === hash);
}
