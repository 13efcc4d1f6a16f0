/** One direct conversation: its records, this page's writer, and what the UI shows of both. */
import type { TextBody } from '@relay/protocol';
import { isKnownKind } from '@relay/protocol';
import type { OpenedRecord } from '../crypto/opened.ts';
import type { Contact, Conversation, Delivery, Fault, MessageItem } from './model.ts';
import { Timeline } from './timeline.ts';
import { Writer } from './writer.ts';

/** How far records are on their way, by record hash: absent from the map when the relay has it. */
export type Deliveries = ReadonlyMap<string, { delivery: Delivery; fault?: Fault }>;

/** A long text that was loaded, or why it was not. */
export type LoadedText = { text: string } | { fault: Fault };

/** The state of one direct conversation. */
export class DirectConversation {
  readonly id: string;
  readonly peer: Contact;
  readonly timeline = new Timeline<OpenedRecord>();
  readonly writer: Writer;
  /** Long texts by record hash. */
  readonly texts = new Map<string, LoadedText>();
  unread = 0;
  readonly #self: Contact;
  /** Hashes of records that were discarded: they keep their place, but are not shown. */
  readonly #discarded = new Set<string>();

  /**
   * @param id conversation id, hexadecimal
   * @param members key hashes, sorted
   */
  constructor(id: string, self: Contact, peer: Contact, members: readonly string[]) {
    this.id = id;
    this.peer = peer;
    this.#self = self;
    this.writer = new Writer(id, members);
  }

  /**
   * Adds a record, or what this copy of it tells besides.
   * @returns the record as the timeline has it
   */
  add(record: OpenedRecord, isUnread: boolean): OpenedRecord {
    const known = this.timeline.get(record.hash);
    if (known !== undefined) {
      // A message that was sealed twice has two lines in the sent log.
      const more = record.sentTo.filter(({ blob }) => known.sentTo.every((line) => line.blob !== blob));
      known.sentTo.push(...more);
      return known;
    }
    this.timeline.add(record);
    if (isUnread && record.author !== this.#self.id) this.unread++;
    return record;
  }

  /** Stops showing a record. */
  discard(hash: string): void {
    this.#discarded.add(hash);
  }

  /** What the UI shows. */
  view(deliveries: Deliveries, now: number): Conversation {
    const items = this.timeline
      .entries(now, this.#self.id)
      .filter((entry) => entry.type === 'gap' || !this.#discarded.has(entry.record.hash))
      .map((entry) =>
        entry.type === 'gap' ? entry : this.#message(entry.record, entry.equivocates, deliveries),
      );
    return { id: this.id, peer: this.peer, items, unread: this.unread };
  }

  #message(record: OpenedRecord, equivocates: boolean, deliveries: Deliveries): MessageItem {
    const own = record.author === this.#self.id;
    const item: MessageItem = {
      type: 'message',
      key: record.hash,
      author: own ? this.#self : this.peer,
      own,
      at: record.at,
      kind: 'unsupported',
      kindName: record.kind,
      equivocates,
    };
    if (own) {
      const { delivery, fault } = deliveries.get(record.hash) ?? { delivery: 'sent' as const };
      item.delivery = delivery;
      if (fault !== undefined) item.deliveryFault = fault;
    }
    if (!isKnownKind(record.kind) || record.kind !== 'text') return item;
    item.kind = 'text';
    const body = record.body as TextBody;
    const loaded = 'text' in body ? { text: body.text } : this.texts.get(record.hash);
    if (loaded !== undefined && 'text' in loaded) item.text = loaded.text;
    if (loaded !== undefined && 'fault' in loaded) item.fault = loaded.fault;
    return item;
  }
}
