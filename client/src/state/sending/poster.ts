/** Turns what a member writes into a record and posts it to everyone in the conversation. */
import type { CborValue } from '@relay/protocol';
import { fromHex, RelayError } from '@relay/protocol';
import type { OpenedRecord } from '../../crypto/opened.ts';
import { readRecord } from '../../crypto/opened.ts';
import type { Parcel } from '../../crypto/parcel.ts';
import type { Book, Entry } from '../book.ts';
import type { Mail, Outbox } from '../outbox/outbox.ts';

/** What posting needs of the world. */
export interface PosterParts {
  circleId: Uint8Array;
  book: Book;
  outbox: Pick<Outbox, 'post'>;
  now(): number;
}

/** What a record says, and what goes along with it. */
export interface Post {
  kind: string;
  body: CborValue;
  /** File key for each recipient, by its key hash, where the record refers to a file. */
  fileKeys?: ReadonlyMap<string, Uint8Array>;
  /** Chunks that each recipient must have before. */
  chunks?: ReadonlyMap<string, readonly Parcel[]>;
  /** How long others may join the same blob, in milliseconds; none unless given. */
  wait?: number;
  /** Rows of the store that go in the same step. */
  removeRows?: readonly string[];
}

/** Writes records into conversations; see {@link Poster.post}. */
export class Poster {
  readonly #parts: PosterParts;

  constructor(parts: PosterParts) {
    this.#parts = parts;
  }

  /**
   * Writes the next record of this page in a conversation, and posts it.
   * @throws RelayError `recipient_unknown` when nobody is left to write to
   */
  async post(
    entry: Entry,
    { kind, body, fileKeys, chunks, wait = 0, removeRows = [] }: Post,
  ): Promise<OpenedRecord> {
    const { circleId, book, outbox, now } = this.#parts;
    const recipients = book.recipientsOf(entry);
    if (recipients.length === 0) throw new RelayError('recipient_unknown');
    const at = now();
    const { history } = entry;
    const title = book.titleOf(entry);
    const draft = { kind, body, at, ...(title === undefined ? {} : { title }) };
    const content = history.writer.compose(draft, history.timeline);
    const record = await readRecord(circleId, content, fromHex(book.self), recipients.map(fromHex));
    const mails = recipients.map((recipient): Mail => {
      const key = fileKeys?.get(recipient);
      const part: Mail['record']['private'] = key === undefined ? {} : { file: key };
      const parcels = chunks?.get(recipient) ?? [];
      return {
        recipient,
        record: { hash: record.hash, content, private: part },
        at,
        due: at + wait,
        chunks: parcels,
      };
    });
    history.writer.written(record);
    const taken = history.add({ ...record, ...keysOf(book.self, fileKeys) }, { isUnread: false });
    await outbox.post(mails, { remove: removeRows });
    return taken;
  }

  /** Posts records again that a recipient may have lost, as they are. */
  async again(recipient: string, records: readonly OpenedRecord[]): Promise<void> {
    const due = this.#parts.now();
    const mails = records.map(({ hash, content, sentTo }): Mail => {
      const key = sentTo.find(({ member }) => member === recipient)?.fileKey;
      const part: Mail['record']['private'] = key === undefined ? {} : { file: key };
      // They left in time once: what counts now is how long they wait for this.
      return { recipient, record: { hash, content, private: part }, at: due, due };
    });
    await this.#parts.outbox.post(mails);
  }
}

/** The keys under which this page itself can read a file or a long text that it has just sent. */
function keysOf(
  self: string,
  fileKeys: ReadonlyMap<string, Uint8Array> = new Map(),
): Pick<OpenedRecord, 'waitingFor' | 'fileKey'> {
  const own = fileKeys.get(self);
  if (own !== undefined) return { fileKey: own };
  const waitingFor = [...fileKeys].map(([member, fileKey]) => ({ member, fileKey }));
  return waitingFor.length === 0 ? { fileKey: undefined } : { fileKey: undefined, waitingFor };
}
