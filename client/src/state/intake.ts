/** Takes opened messages apart: every record goes where it belongs, and whatever is refused is told. */
import type { ErrorCode, HideBody, ReceiptBody } from '@relay/protocol';
import { checkRecordTime, hex, isRelayError, RelayError } from '@relay/protocol';
import type { OpenedMessage, OpenedRecord } from '../crypto/opened.ts';
import type { Book, Entry } from './book.ts';
import type { ReadBlob } from './mailbox.ts';
import type { Notices } from './notices.ts';
import type { Receipts } from './receipts/receipts.ts';
import type { Groups } from './sending/groups.ts';
import type { LongTexts } from './sending/long-text.ts';
import type { Removal } from './sending/removal.ts';
import type { HeardIssuer } from './tokens/issuer-watch.ts';

const HOUR = 3_600_000;

/** What taking in needs of the world. */
export interface IntakeParts {
  book: Book;
  notices: Notices;
  receipts: Receipts;
  removal: Removal;
  groups: Groups;
  texts: LongTexts;
  now(): number;
  /** Whether a message of somebody else counts as unread. */
  isUnread(hash: string): boolean;
  /** An invitation to a call came, or one that this member made elsewhere. */
  called(record: OpenedRecord, entry: Entry): void;
  /** A member (hexadecimal key hash) uses that roster. */
  rosterHeard(serial: number, hash: string, sender: string): void;
  /** A member (hexadecimal key hash) says that of the relay's issuer key. */
  issuerHeard(issuer: HeardIssuer, sender: string): void;
}

type Hidden = Parameters<Entry['history']['hide']>[0][number];

/** The code of whatever was thrown. */
export const codeOf = (error: unknown): ErrorCode => (isRelayError(error) ? error.code : 'internal');

/** Takes in what an account receives. */
export class Intake {
  readonly #parts: IntakeParts;
  /** Hidden records of groups that are not known yet, by conversation id. */
  readonly #hidden = new Map<string, Hidden[]>();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** Takes a message of the own mailbox. */
  take(message: OpenedMessage, blob: ReadBlob): void {
    const { notices, removal, now, rosterHeard, issuerHeard } = this.#parts;
    rosterHeard(message.rosterSerial, message.rosterHash, message.sender);
    if (message.issuer !== undefined) issuerHeard(message.issuer, message.sender);
    for (const code of message.refused) notices.add(code, message.sender);
    const taken: string[] = [];
    for (const record of message.records) {
      try {
        checkRecordTime(record, now());
        this.accept(record, blob.expiryHour * HOUR);
        taken.push(record.hash);
      } catch (error) {
        notices.add(codeOf(error), message.sender);
      }
    }
    removal.came(blob.id, taken);
  }

  /**
   * Takes one record, whatever its time.
   * @param expiresAt when its blob ends, where that is known; milliseconds
   * @throws RelayError `record_invalid`
   */
  accept(record: OpenedRecord, expiresAt?: number): void {
    const { book, texts, groups } = this.#parts;
    const entry = book.entryFor(record);
    if (entry === undefined)
      throw new RelayError('record_invalid', 'A message belongs to a conversation this client cannot show.');
    this.#hideIn(entry);
    const isUnread = record.author !== book.self && this.#parts.isUnread(record.hash);
    const taken = entry.history.add(record, { isUnread, ...(expiresAt === undefined ? {} : { expiresAt }) });
    if (record.kind === 'hide') this.#hide(record.body as HideBody);
    if (record.kind === 'receipt') this.#parts.receipts.heard(record.author, record.body as ReceiptBody);
    if (record.kind === 'call') this.#parts.called(taken, entry);
    if (record.kind === 'leave') void groups.succeed(entry, record.author);
    void texts.load(taken);
  }

  #hide({ targets }: HideBody): void {
    for (const [conversation, hash, author, writer, n, at] of targets) {
      const id = hex(conversation);
      const place = { hash: hex(hash), author: hex(author), writer: hex(writer), n, at };
      this.#hidden.set(id, [...(this.#hidden.get(id) ?? []), place]);
      const entry = this.#parts.book.entries.get(id);
      if (entry !== undefined) this.#hideIn(entry);
    }
  }

  #hideIn({ history }: Entry): void {
    const hidden = this.#hidden.get(history.id);
    if (hidden === undefined) return;
    this.#hidden.delete(history.id);
    history.hide(hidden);
  }
}
