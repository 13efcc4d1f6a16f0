/** Draws the conversations as the UI shows them. */
import type { OpenedRecord } from '../crypto/opened.ts';
import type { Book, Entry } from './book.ts';
import { faultOf } from './fault.ts';
import type { Downloads } from './files/downloads.ts';
import type { Uploads } from './files/uploads.ts';
import type { CallStanding } from './history/history.ts';
import type { Lineage } from './history/lineage.ts';
import { lineageOf } from './history/lineage.ts';
import type { Contact, Conversation, ConversationKind, Fault, RecipientDelivery } from './model.ts';
import type { Deliveries } from './outbox/deliveries.ts';
import type { ExpiryWatch } from './receipts/expiry-watch.ts';
import type { Receipts } from './receipts/receipts.ts';
import type { LongTexts } from './sending/long-text.ts';

/** What a drawing is made of. */
export interface DrawingParts {
  book: Book;
  uploads: Pick<Uploads, 'itemsOf'>;
  downloads: Pick<Downloads, 'progressOf'>;
  receipts: Receipts;
  watch: ExpiryWatch;
  texts: Pick<LongTexts, 'loaded'>;
  /** A call by its secret; undefined while its id is being derived. */
  callOf(secret: Uint8Array): CallStanding | undefined;
  now(): number;
}

const byNumber = (a: Contact, b: Contact) => a.number - b.number;

/** Makes what the UI shows of the conversations; what has not changed is the very same object as before. */
export class Drawing {
  readonly #parts: DrawingParts;
  #before = new Map<string, Conversation>();

  constructor(parts: DrawingParts) {
    this.#parts = parts;
  }

  /** How the groups follow each other. */
  lineage(): ReadonlyMap<string, Lineage> {
    const { book } = this.#parts;
    return lineageOf(
      book.self,
      [...book.entries.values()].filter(({ kind }) => kind === 'group'),
    );
  }

  /** Why nothing can be written in a conversation now. */
  closed(entry: Entry, lineage = this.lineage()): Fault | undefined {
    const line = lineage.get(entry.history.id);
    if (line?.isClosed) return faultOf('conversation_closed');
    return this.#parts.book.recipientsOf(entry).length === 0 ? faultOf('recipient_unknown') : undefined;
  }

  /** Every conversation as it is now. */
  conversations(deliveries: Deliveries): Conversation[] {
    const lineage = this.lineage();
    const drawn = [...this.#parts.book.entries.values()].map((entry) =>
      this.#reuse(this.#draw(entry, deliveries, lineage)),
    );
    this.#before = new Map(drawn.map((conversation) => [conversation.id, conversation]));
    return drawn;
  }

  #draw(entry: Entry, deliveries: Deliveries, lineage: ReadonlyMap<string, Lineage>): Conversation {
    const { book, uploads, downloads, texts, now } = this.#parts;
    const { history, members } = entry;
    const canWrite = this.closed(entry, lineage) === undefined;
    const items = history.items({
      now: now(),
      contactOf: (id) => book.contactOf(id),
      recipientsOf: (record) => this.#recipientsOf(entry, record, deliveries),
      fileProgressOf: (hash) => downloads.progressOf(hash),
      callOf: (secret, until) => this.#callOf(secret, until),
      textOf: (hash) => texts.loaded(hash),
      canWrite,
    });
    return {
      ...this.#kindOf(entry, lineage.get(history.id)),
      id: history.id,
      members: members.map((id) => book.contactOf(id)).sort(byNumber),
      items,
      unread: history.unread,
      ...(history.firstUnread === undefined ? {} : { firstUnread: history.firstUnread }),
      canWrite,
      uploads: uploads.itemsOf(history.id),
    };
  }

  /** Nobody comes any more once its invitation has ended. */
  #callOf(secret: Uint8Array, until: number): CallStanding | undefined {
    const { callOf, now } = this.#parts;
    const standing = callOf(secret);
    const isOver = standing?.phase === 'unknown' && until <= now();
    return isOver ? { ...standing, phase: 'over' } : standing;
  }

  #kindOf(entry: Entry, line: Lineage | undefined): ConversationKind {
    const { book } = this.#parts;
    const { kind, peer } = entry;
    if (kind !== 'group') return { kind, peer: book.contactOf(peer ?? '') };
    const { continues, continuedBy, ended } = line ?? {};
    return {
      kind,
      name: book.nameOf(entry),
      ...(continues === undefined ? {} : { continues }),
      ...(continuedBy === undefined ? {} : { continuedBy }),
      ...(ended === undefined ? {} : { ended }),
    };
  }

  #recipientsOf(entry: Entry, record: OpenedRecord, deliveries: Deliveries): RecipientDelivery[] {
    const { book, receipts, watch, now } = this.#parts;
    const waiting = deliveries.get(record.hash);
    const known = [...record.sentTo.map(({ member }) => member), ...(waiting?.keys() ?? [])];
    const recipients = entry.kind === 'notes' ? [book.self] : new Set(known);
    return [...recipients]
      .map((member): RecipientDelivery => {
        const contact = book.contactOf(member);
        const waits = waiting?.get(member);
        if (waits !== undefined) return { contact, ...waits };
        if (receipts.readBy(record.hash).has(member)) return { contact, delivery: 'read' };
        // What was sent again is gone only where every blob of it is.
        const targets = record.sentTo.filter((sent) => sent.member === member);
        const isExpired =
          targets.length > 0 && targets.every((target) => watch.isExpired(record, target, now()));
        return { contact, delivery: isExpired ? 'expired' : 'sent' };
      })
      .sort((a, b) => byNumber(a.contact, b.contact));
  }

  #reuse(drawn: Conversation): Conversation {
    const before = this.#before.get(drawn.id);
    return before !== undefined && isSame(before, drawn) ? before : drawn;
  }
}

function isSame(a: Conversation, b: Conversation): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof Conversation>;
  return [...keys].every((key) => {
    const [x, y] = [a[key], b[key]];
    if (!Array.isArray(x) || !Array.isArray(y)) return x === y;
    return x.length === y.length && x.every((one, i) => one === y[i]);
  });
}
