/** One conversation: its records, what they do to each other, this page's writer, and what is shown of all that (SPEC.md §8). */
import type { GroupDescriptor } from '@relay/protocol';
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { Item } from '../model.ts';
import { itemsOf } from './items.ts';
import { Lookups } from './lookups.ts';
import type { Meaning, PlacedHash } from './meaning.ts';
import { meaningOf } from './meaning.ts';
import { Projection } from './projection.ts';
import { KeptList } from './same.ts';
import type { Scene } from './scene.ts';
import { Timeline } from './timeline.ts';
import type { ViewContext } from './view-context.ts';
import { Writer } from './writer.ts';

export type { CallStanding, LoadedText, ViewContext } from './view-context.ts';

/** What makes a conversation. Ids are hexadecimal. */
export interface HistoryParts {
  id: string;
  /** Key hash of this member. */
  self: string;
  /** Key hashes, sorted, this member included. */
  members: readonly string[];
  group: GroupDescriptor | undefined;
}

/** The records of one conversation and what they mean. What it shows depends on the set of records, never on the order in which they came. */
export class History {
  readonly id: string;
  readonly timeline = new Timeline<OpenedRecord>();
  readonly writer: Writer;
  readonly #self: string;
  /** By record hash. */
  readonly #meanings = new Map<string, Meaning>();
  readonly #expiries = new Map<string, number>();
  /** Hashes of own records that never left: they keep their place, but say nothing. */
  readonly #discarded = new Set<string>();
  /** Hashes of records that this member deleted for itself. */
  readonly #hidden = new Set<string>();
  /** Hashes of others' messages, and of their calls, which count once they are missed. */
  readonly #unread = new Set<string>();
  /** Hashes of invitations to calls that were missed, as they were shown last. */
  #missed: ReadonlySet<string> = new Set();
  readonly #read = new Set<string>();
  #activity = 0;
  #mark: string | undefined;
  #projection: Projection | undefined;
  readonly #items = new KeptList<Item>();
  /** What {@link items} gave last; undefined when something else than what it looks up has changed since. */
  #shown: { entries: readonly unknown[]; lookups: Lookups; items: Item[] } | undefined;

  constructor({ id, self, members, group }: HistoryParts) {
    this.id = id;
    this.#self = self;
    this.writer = new Writer(id, members, group);
  }

  /**
   * Adds a record, or what this copy of it tells besides.
   * @param options.expiresAt when this copy ends at the relay, in milliseconds; the record lives as long as the last copy
   * @returns the record as the timeline has it
   */
  add(record: OpenedRecord, options: { isUnread: boolean; expiresAt?: number }): OpenedRecord {
    const { hash, author } = record;
    const { expiresAt } = options;
    if (expiresAt !== undefined && expiresAt > (this.#expiries.get(hash) ?? 0)) {
      this.#expiries.set(hash, expiresAt);
      this.#shown = undefined;
    }
    const known = this.timeline.get(hash);
    if (known !== undefined) {
      // A message that was sealed twice has two lines in the sent log.
      const more = record.sentTo.filter(({ blob }) => known.sentTo.every((line) => line.blob !== blob));
      known.sentTo.push(...more);
      return known;
    }
    const meaning = meaningOf(record);
    this.timeline.add(record);
    this.#activity = Math.max(this.#activity, record.at);
    this.#meanings.set(hash, meaning);
    this.#projection = undefined;
    if (meaning.is === 'delete') this.timeline.forgive(meaning.target);
    const canBeUnread = meaning.is === 'message' || meaning.is === 'call';
    const isNew = options.isUnread && author !== this.#self && canBeUnread;
    if (isNew && !this.#read.has(hash)) this.#unread.add(hash);
    return record;
  }

  /** Takes back an own record that never left: it keeps its place, but is not shown and does nothing. */
  discard(hash: string): void {
    this.#discarded.add(hash);
    this.#shown = undefined;
    this.#projection = undefined;
  }

  /** Stops showing records, those that come later too, and makes no gaps of them. */
  hide(places: readonly PlacedHash[]): void {
    this.#shown = undefined;
    for (const place of places) {
      this.#hidden.add(place.hash);
      this.timeline.forgive(place);
    }
  }

  /** Number of unread messages of others that are shown, and of calls that were missed when {@link items} was asked last. */
  get unread(): number {
    return this.#shownUnread().length;
  }

  /** The first unread message; when none is unread, the one that was the first when they were read last. */
  get firstUnread(): string | undefined {
    const first = this.#unread.size === 0 ? undefined : this.#shownUnread()[0];
    return first ?? (this.#mark !== undefined && this.#isShown(this.#mark) ? this.#mark : undefined);
  }

  /** @returns hashes of the messages that were unread until now, in causal order */
  markRead(): string[] {
    const read = this.#shownUnread();
    this.#mark = read[0] ?? this.#mark;
    // A call that may still be missed has not been seen as such.
    this.setRead(new Set([...this.#unread].filter((hash) => this.#counts(hash))));
    return read;
  }

  /** Takes read marks of an earlier page, also for messages that come later. */
  setRead(hashes: ReadonlySet<string>): void {
    for (const hash of hashes) {
      this.#read.add(hash);
      this.#unread.delete(hash);
    }
  }

  /** What is shown, in causal order. An item that is as it was is the very same object, and so is the array. */
  items(context: ViewContext): Item[] {
    const entries = this.timeline.entries(context.now, this.#self);
    const shown = this.#shown;
    if (shown?.entries === entries && shown.lookups.hold(context)) return shown.items;
    const lookups = new Lookups(context);
    const scene: Scene = {
      self: this.#self,
      context: lookups.context,
      projection: this.#projected(),
      find: (hash) => this.#find(hash),
      expiryOf: (hash) => this.#expiries.get(hash),
    };
    const items = this.#items.keep(itemsOf(scene, entries));
    this.#missed = new Set(items.flatMap((item) => (isMissed(item) ? [item.key] : [])));
    this.#shown = { entries, lookups, items };
    return items;
  }

  /** When its newest record was written, in milliseconds; 0 when it has none. */
  get activity(): number {
    return this.#activity;
  }

  /** The record of an item. */
  record(key: string): OpenedRecord | undefined {
    return this.timeline.get(key);
  }

  /** A text with its edits; undefined when it is none, is deleted or not shown, or is long and was never edited. */
  currentText(hash: string): string | undefined {
    const found = this.#find(hash);
    if (found?.meaning.is !== 'message' || found.meaning.kind !== 'text') return undefined;
    const projection = this.#projected();
    if (projection.isDeleted(found.record)) return undefined;
    return projection.editOf(found.record) ?? found.meaning.text;
  }

  /** The name of the group; empty when it has none. */
  name(): string {
    return this.#projected().name?.name ?? '';
  }

  /** The `title` of the next own record; undefined when nobody ever named the group. */
  titleToWrite(): [string, number] | undefined {
    const name = this.#projected().name;
    return name === undefined ? undefined : [name.name, name.at];
  }

  /** Key hashes of those who left, in causal order. */
  leavers(): readonly string[] {
    return this.#projected().leavers;
  }

  /** The groups that go on, as their makers say, in causal order. */
  continuations(): readonly { group: string; author: string }[] {
    return this.#projected().continuations;
  }

  /** Whether anybody told how the call of a room went. */
  isHungUp(room: string): boolean {
    return this.#projected().hangupsOf(room).length > 0;
  }

  /** Whether a record is an own text or file that is not deleted. */
  isOwnDeletable(record: OpenedRecord): boolean {
    const meaning = this.#meanings.get(record.hash);
    const isKept = meaning?.is === 'message' && meaning.kind !== 'unsupported';
    return isKept && record.author === this.#self && !this.#projected().isDeleted(record);
  }

  /** Whether its own author has deleted a record for everyone. */
  isDeleted(record: OpenedRecord): boolean {
    return this.#projected().isDeleted(record);
  }

  /** Its own author's edits of a text, in causal order, which say what it said. */
  editsOf({ hash, author }: OpenedRecord): OpenedRecord[] {
    return this.timeline.records.filter((record) => {
      const meaning = this.#meanings.get(record.hash);
      return meaning?.is === 'edit' && meaning.target === hash && record.author === author;
    });
  }

  #find(hash: string): { record: OpenedRecord; meaning: Meaning } | undefined {
    const record = this.timeline.get(hash);
    const meaning = this.#meanings.get(hash);
    const isShown = !this.#discarded.has(hash) && !this.#hidden.has(hash);
    return record === undefined || meaning === undefined || !isShown ? undefined : { record, meaning };
  }

  #isShown(hash: string): boolean {
    const found = this.#find(hash);
    return found !== undefined && !this.#projected().isDeleted(found.record);
  }

  #shownUnread(): string[] {
    if (this.#unread.size === 0) return [];
    return this.timeline.records
      .map(({ hash }) => hash)
      .filter((hash) => this.#unread.has(hash) && this.#counts(hash) && this.#isShown(hash));
  }

  /** Whether it is to be read at all. */
  #counts(hash: string): boolean {
    return this.#meanings.get(hash)?.is !== 'call' || this.#missed.has(hash);
  }

  #projected(): Projection {
    this.#projection ??= new Projection(
      this.timeline.records.flatMap((record) => {
        const meaning = this.#meanings.get(record.hash);
        return meaning === undefined || this.#discarded.has(record.hash) ? [] : [{ record, meaning }];
      }),
    );
    return this.#projection;
  }
}

const isMissed = (item: Item) => item.type === 'call' && item.outcome === 'missed';
