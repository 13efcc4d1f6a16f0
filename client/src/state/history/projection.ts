/** What the records of a conversation do to each other, applied in causal order (SPEC.md §8). */
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { GroupName } from './group-name.ts';
import { Naming } from './group-name.ts';
import type { Meaning } from './meaning.ts';

/** How a call went. Members by key hash. */
export interface Hangup {
  seconds: number;
  joined: ReadonlySet<string>;
  declined: ReadonlySet<string>;
}

/** A record and what it says. */
export interface Told {
  record: OpenedRecord;
  meaning: Meaning;
}

/** Edits, reactions, tombstones and what happened to the group. What names a record that is not here waits for it. */
export class Projection {
  /** By target: the last text of each author who edits it. */
  readonly #edits = new Map<string, Map<string, string>>();
  /** By target: each member's reaction, the one that has stood longest first. */
  readonly #reactions = new Map<string, Map<string, string>>();
  /** By target: who says to be its author and has deleted it. */
  readonly #tombstones = new Map<string, Set<string>>();
  /** The group's name, where anybody ever gave one. */
  readonly name: GroupName | undefined;
  /** Authors of `leave`, each once. */
  readonly leavers: readonly string[];
  /** By id of a call's room: how it went, as all who told say together. */
  readonly #hangups = new Map<string, Hangup>();
  /** Groups that go on, as members say. */
  readonly continuations: readonly { group: string; author: string }[];

  /** @param told the conversation's records in causal order */
  constructor(told: Iterable<Told>) {
    const naming = new Naming();
    const leavers = new Set<string>();
    const continuations: { group: string; author: string }[] = [];
    for (const { record, meaning } of told) {
      const { author } = record;
      naming.hear(record, meaning.is === 'rename' ? meaning.name : undefined);
      if (meaning.is === 'edit') entryOf(this.#edits, meaning.target).set(author, meaning.text);
      if (meaning.is === 'reaction') this.#react(meaning.target, author, meaning.emoji);
      if (meaning.is === 'delete') this.#bury(meaning.target.hash, author);
      if (meaning.is === 'hangup') this.#hangUp(meaning);
      if (meaning.is === 'leave') leavers.add(author);
      if (meaning.is === 'continue') continuations.push({ group: meaning.group, author });
    }
    this.name = naming.name;
    this.leavers = [...leavers];
    this.continuations = continuations;
  }

  /** The last text that its own author gave a record, where it was edited. */
  editOf({ hash, author }: Pick<OpenedRecord, 'hash' | 'author'>): string | undefined {
    return this.#edits.get(hash)?.get(author);
  }

  /** Whether its own author has deleted a record. */
  isDeleted({ hash, author }: Pick<OpenedRecord, 'hash' | 'author'>): boolean {
    return this.#tombstones.get(hash)?.has(author) === true;
  }

  /** Whether somebody says to have deleted a record that is not here, so that nobody can tell whether it was its author. */
  isSaidDeleted(hash: string): boolean {
    return this.#tombstones.has(hash);
  }

  /** The reactions to a record: emoji by member, in the order in which they were given. */
  reactionsTo(hash: string): ReadonlyMap<string, string> {
    return this.#reactions.get(hash) ?? new Map();
  }

  /** How a call went, by the id of its room; undefined where nobody told. */
  hangupOf(room: string): Hangup | undefined {
    return this.#hangups.get(room);
  }

  #hangUp({ room, seconds, joined, declined }: Extract<Meaning, { is: 'hangup' }>): void {
    const before = this.#hangups.get(room);
    this.#hangups.set(room, {
      seconds: Math.max(before?.seconds ?? 0, seconds),
      joined: new Set([...(before?.joined ?? []), ...joined]),
      declined: new Set([...(before?.declined ?? []), ...declined]),
    });
  }

  #react(target: string, author: string, emoji: string): void {
    const reactions = entryOf(this.#reactions, target);
    // Another reaction is a new one, in its place in time.
    if (reactions.get(author) !== emoji) reactions.delete(author);
    if (emoji !== '') reactions.set(author, emoji);
  }

  #bury(target: string, author: string): void {
    this.#tombstones.set(target, (this.#tombstones.get(target) ?? new Set()).add(author));
  }
}

function entryOf(map: Map<string, Map<string, string>>, key: string): Map<string, string> {
  const entry = map.get(key) ?? new Map<string, string>();
  map.set(key, entry);
  return entry;
}
