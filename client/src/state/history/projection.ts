/** What the records of a conversation do to each other, applied in causal order (SPEC.md §8). */
import { hex } from '@relay/protocol';
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { GroupName } from './group-name.ts';
import { Naming } from './group-name.ts';
import type { Meaning } from './meaning.ts';

/** A record and what it says. */
export interface Told {
  record: OpenedRecord;
  meaning: Meaning;
}

/** A call in the conversation, however often its invitation was sent there. */
export interface CallMark {
  /** Hash of the first invitation. */
  first: string;
  /** Key hashes of all who may take part, as any of the invitations says. */
  members: ReadonlySet<string>;
}

/** How a call went, as one member says. */
export type Hangup = Omit<Extract<Meaning, { is: 'hangup' }>, 'is'> & { author: string };

/** Edits, reactions, tombstones, calls and what happened to the group. What names a record that is not here waits for it. */
export class Projection {
  /** By target: the last text of each author who edits it. */
  readonly #edits = new Map<string, Map<string, string>>();
  /** By target: each member's reaction, the one that has stood longest first. */
  readonly #reactions = new Map<string, Map<string, string>>();
  /** By target: who says to be its author and has deleted it. */
  readonly #tombstones = new Map<string, Set<string>>();
  /** By secret, hexadecimal. */
  readonly #calls = new Map<string, CallMark & { members: Set<string> }>();
  /** By room id. */
  readonly #hangups = new Map<string, Hangup[]>();
  /** The group's name, where anybody ever gave one. */
  readonly name: GroupName | undefined;
  /** Authors of `leave`, each once. */
  readonly leavers: readonly string[];
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
      if (meaning.is === 'leave') leavers.add(author);
      if (meaning.is === 'call') this.#call(record.hash, meaning.secret, meaning.members);
      if (meaning.is === 'hangup')
        this.#hangups.set(meaning.room, [...this.hangupsOf(meaning.room), { ...meaning, author }]);
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

  /** The call of a secret. */
  callOf(secret: Uint8Array): CallMark | undefined {
    return this.#calls.get(hex(secret));
  }

  /** What members say of how the call in that room went, in causal order. */
  hangupsOf(room: string): readonly Hangup[] {
    return this.#hangups.get(room) ?? [];
  }

  #call(hash: string, secret: Uint8Array, members: readonly string[]): void {
    const key = hex(secret);
    const known = this.#calls.get(key);
    if (known === undefined) this.#calls.set(key, { first: hash, members: new Set(members) });
    else for (const member of members) known.members.add(member);
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
