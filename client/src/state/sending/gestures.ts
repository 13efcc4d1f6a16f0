/** What a member does with messages that are there: reacts, changes, deletes. */
import { fromHex, MAX_EMOJI_BYTES, MAX_INLINE_TEXT_BYTES, utf8 } from '@relay/protocol';
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { Book, Entry } from '../book.ts';
import { asFault, faultOf } from '../fault.ts';
import type { Fault } from '../model.ts';
import type { Poster } from './poster.ts';
import type { Removal } from './removal.ts';
import { asWritten } from './sender.ts';

/** How long reactions wait for others, so that several share a blob. Milliseconds. */
const REACTION_WAIT_MS = 1_500;

/** What gestures need of the world. */
export interface GestureParts {
  book: Book;
  poster: Poster;
  removal: Removal;
  /** Whether something can be written in a conversation now; the reason where not. */
  closed(entry: Entry): Fault | undefined;
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

interface Found {
  entry: Entry;
  record: OpenedRecord;
}

/** Acts on messages by their keys. */
export class Gestures {
  readonly #parts: GestureParts;

  constructor(parts: GestureParts) {
    this.#parts = parts;
  }

  /** See `Actions.react`. */
  react(messageKey: string, emoji = ''): Promise<Fault | undefined> {
    return this.#on(messageKey, async ({ entry }) => {
      if (utf8(emoji).length > MAX_EMOJI_BYTES)
        return faultOf('bad_request', 'A reaction is one sign, not a text.');
      const body = { target: fromHex(messageKey), emoji };
      await this.#parts.poster.post(entry, { kind: 'reaction', body, wait: REACTION_WAIT_MS });
      return undefined;
    });
  }

  /** See `Actions.editText`. */
  editText(messageKey: string, text: string): Promise<Fault | undefined> {
    return this.#on(messageKey, async ({ entry, record }) => {
      const said = asWritten(text);
      if (record.author !== this.#parts.book.self || record.kind !== 'text')
        return faultOf('bad_request', 'Only your own texts can be changed.');
      if (said.trim() === '')
        return faultOf('bad_request', 'A text cannot become empty. Delete the message instead.');
      if (utf8(said).length > MAX_INLINE_TEXT_BYTES)
        return faultOf('text_too_long', 'The changed text is too long. Send it as a new message.');
      if (said === entry.history.currentText(messageKey)) return undefined;
      await this.#parts.poster.post(entry, {
        kind: 'edit',
        body: { target: fromHex(messageKey), text: said },
      });
      return undefined;
    });
  }

  /** See `Actions.deleteForEveryone`. */
  deleteForEveryone(messageKey: string): Promise<Fault | undefined> {
    // What was said can be taken back where nothing more can be said.
    return this.#find(messageKey, async ({ entry, record }) => {
      if (record.author !== this.#parts.book.self)
        return faultOf('bad_request', 'Only your own messages can be deleted for everyone.');
      const doomed = [record, ...entry.history.editsOf(record)];
      await this.#parts.removal.fromEveryone(entry, doomed);
      for (const { hash, writer, n, at } of doomed) {
        const body = { target: [fromHex(hash), fromHex(writer), n, at] };
        await this.#parts.poster.post(entry, { kind: 'delete', body });
      }
      return undefined;
    });
  }

  /** See `Actions.deleteForMe`; works in conversations that are closed too. */
  deleteForMe(messageKey: string): Promise<Fault | undefined> {
    return this.#parts.inTurn(async () => {
      const found = this.#parts.book.entryOf(messageKey);
      const notes = this.#parts.book.directWith(this.#parts.book.self);
      if (found === undefined || notes === undefined) return undefined;
      try {
        await this.#hide(notes, found);
        return undefined;
      } catch (error) {
        return asFault(error);
      }
    });
  }

  async #hide(notes: Entry, { entry, record }: Found): Promise<void> {
    const { hash, author, writer, n, at, conversation } = record;
    const target = [fromHex(conversation), fromHex(hash), fromHex(author), fromHex(writer), n, at];
    await this.#parts.removal.fromSelf(record);
    entry.history.hide([record]);
    await this.#parts.poster.post(notes, { kind: 'hide', body: { targets: [target] } });
  }

  /** Acts where something can be written. */
  #on(messageKey: string, act: (found: Found) => Promise<Fault | undefined>): Promise<Fault | undefined> {
    return this.#find(messageKey, async (found) => this.#parts.closed(found.entry) ?? act(found));
  }

  #find(messageKey: string, act: (found: Found) => Promise<Fault | undefined>): Promise<Fault | undefined> {
    return this.#parts.inTurn(async () => {
      const found = this.#parts.book.entryOf(messageKey);
      if (found === undefined) return faultOf('bad_request', 'This message is no longer here.');
      try {
        return await act(found);
      } catch (error) {
        return asFault(error);
      }
    });
  }
}
