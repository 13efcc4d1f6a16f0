/** Sends files: asks for room, hands them to the uploads, and writes their messages when all is at the relay. */
import { fromHex, isRelayError, RelayError } from '@relay/protocol';
import type { Book, Entry } from '../book.ts';
import { asFault, faultOf } from '../fault.ts';
import type { MailboxRoom } from '../files/room.ts';
import { roomFault } from '../files/room.ts';
import type { FinishedUpload, Uploads } from '../files/uploads.ts';
import type { Fault, SendOptions } from '../model.ts';
import type { TicketOffice } from '../tokens/ticket-office.ts';
import type { Poster } from './poster.ts';

/** What sending files needs of the world. */
export interface FileSenderParts {
  book: Book;
  poster: Poster;
  tickets: Pick<TicketOffice, 'room'>;
  uploads(): Pick<Uploads, 'begin'>;
  /** Whether something can be written in a conversation now; the reason where not. */
  closed(entry: Entry): Fault | undefined;
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

/** Sends files for one member. */
export class FileSender {
  readonly #parts: FileSenderParts;

  constructor(parts: FileSenderParts) {
    this.#parts = parts;
  }

  /** See `Actions.checkRoom`. */
  async checkRoom(conversationId: string, sizes: readonly number[]): Promise<Fault | undefined> {
    const { book, closed } = this.#parts;
    const entry = book.entries.get(conversationId);
    if (entry === undefined) return faultOf('recipient_unknown');
    const reason = closed(entry);
    if (reason !== undefined) return reason;
    try {
      return roomFault(
        sizes,
        await Promise.all(book.recipientsOf(entry).map((member) => this.#roomOf(member))),
      );
    } catch (error) {
      return asFault(error);
    }
  }

  /** See `Actions.sendFile`. */
  async send(
    conversationId: string,
    file: Blob,
    { name, type }: { name: string; type: string },
    { reply }: SendOptions = {},
  ): Promise<Fault | undefined> {
    const { book, uploads } = this.#parts;
    const refused = await this.checkRoom(conversationId, [file.size]);
    const entry = book.entries.get(conversationId);
    // Where the relay cannot be asked nobody knows; the file is taken, and waits.
    if (entry === undefined || (refused !== undefined && !isAway(refused))) return refused;
    try {
      const recipients = book.recipientsOf(entry);
      const answers = reply === undefined ? {} : { reply };
      await uploads().begin({ conversation: conversationId, recipients, file, name, type, ...answers });
      return undefined;
    } catch (error) {
      return asFault(error);
    }
  }

  /** All of a file is at the relay: its message goes, and the upload's row in the same step. */
  async finished({
    conversation,
    name,
    type,
    size,
    hash,
    reply,
    keys,
    rowKey,
  }: FinishedUpload): Promise<void> {
    const { book, poster, inTurn } = this.#parts;
    const entry = book.entries.get(conversation);
    // A group of which no message has come yet; the upload waits for one.
    if (entry === undefined) throw new RelayError('unavailable');
    const answers = reply === undefined ? {} : { reply: fromHex(reply) };
    const fileKeys = new Map(keys.map(({ member, fileKey }) => [member, fileKey]));
    const body = { file: { size, hash }, name, type, ...answers };
    await inTurn(() => poster.post(entry, { kind: 'file', body, fileKeys, removeRows: [rowKey] }));
  }

  async #roomOf(member: string): Promise<MailboxRoom> {
    const { book, tickets } = this.#parts;
    const { name } = book.contactOf(member);
    try {
      const { room, capacity } = await tickets.room(fromHex(member));
      return { name, room, capacity };
    } catch (error) {
      if (!isRelayError(error, 'mailbox_full')) throw error;
      return { name, room: 0, capacity: 0 };
    }
  }
}

/** Whether the relay could not be asked at all. */
function isAway({ code }: Fault): boolean {
  return ['relay_unreachable', 'unavailable', 'session_ended', 'internal'].includes(code);
}
