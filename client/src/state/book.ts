/** Every conversation of an open identity, and the people in them. */
import type { GroupDescriptor } from '@relay/protocol';
import { directConversationId, fromHex, hex } from '@relay/protocol';
import type { OpenedRecord } from '../crypto/opened.ts';
import { History } from './history/history.ts';
import type { Contact } from './model.ts';

/** A conversation and its records. */
export interface Entry {
  kind: 'direct' | 'notes' | 'group';
  history: History;
  /** The other end; the member itself for its notes; none in a group. */
  peer: string | undefined;
  /** Key hashes, sorted, this member included. */
  members: readonly string[];
  group: GroupDescriptor | undefined;
}

/** The conversations by their ids. */
export class Book {
  readonly #circleId: Uint8Array;
  /** Key hash of this member, hexadecimal. */
  readonly self: string;
  readonly entries = new Map<string, Entry>();
  #contacts = new Map<string, Contact>();
  #directs = new Map<string, string>();

  /** @param self key hash of this member, hexadecimal */
  constructor(circleId: Uint8Array, self: string) {
    this.#circleId = circleId;
    this.self = self;
  }

  /** Everyone known, former members and this one included. */
  get contacts(): Contact[] {
    return [...this.#contacts.values()];
  }

  /** Takes the members as they are now; makes a direct conversation with each, and one for notes. */
  async setContacts(contacts: readonly Contact[]): Promise<void> {
    this.#contacts = new Map(contacts.map((contact) => [contact.id, contact]));
    for (const { id: peer } of contacts) {
      if (this.#directs.has(peer)) continue;
      const id = hex(await directConversationId(this.#circleId, fromHex(this.self), fromHex(peer)));
      const isSelf = peer === this.self;
      const members = isSelf ? [peer] : [this.self, peer].toSorted();
      this.#add(id, { kind: isSelf ? 'notes' : 'direct', peer, members, group: undefined });
      this.#directs.set(peer, id);
    }
  }

  /** A member by its key hash; one who is in no roster this client knows has only its key to be named by. */
  contactOf(id: string): Contact {
    return this.#contacts.get(id) ?? strangerOf(id);
  }

  /** The conversation of a record; a group that was not known is made from the record itself. */
  entryFor({ conversation, group, members }: OpenedRecord): Entry | undefined {
    const known = this.entries.get(conversation);
    return known ?? (group === undefined ? undefined : this.addGroup(conversation, group, members));
  }

  /** The conversation with a member, or the notes for this member itself. */
  directWith(member: string): Entry | undefined {
    return this.entries.get(this.#directs.get(member) ?? '');
  }

  /** Adds a group that may have no records yet. */
  addGroup(id: string, group: GroupDescriptor, members: readonly string[]): Entry {
    return this.entries.get(id) ?? this.#add(id, { kind: 'group', peer: undefined, members, group });
  }

  /** The group that a group continues, where it is known. */
  parentOf({ group }: Entry): Entry | undefined {
    return group === undefined ? undefined : this.entries.get(hex(group.parent));
  }

  /** The name of a group; where nobody has named it yet, that of the one it continues. */
  nameOf(entry: Entry): string {
    return this.titleOf(entry)?.[0] ?? '';
  }

  /** The title of the next record in a group (SPEC.md §8). */
  titleOf(entry: Entry): [string, number] | undefined {
    // Each names the one before by its hash, so there is no circle.
    for (let one: Entry | undefined = entry; one !== undefined; one = this.parentOf(one)) {
      const title = one.history.titleToWrite();
      if (title !== undefined) return title;
    }
    return undefined;
  }

  /** The conversation that holds a record. */
  entryOf(hash: string): { entry: Entry; record: OpenedRecord } | undefined {
    for (const entry of this.entries.values()) {
      const record = entry.history.record(hash);
      if (record !== undefined) return { entry, record };
    }
    return undefined;
  }

  /** Whom a record of this conversation goes to: everyone else who is in the circle; this member itself for its notes. */
  recipientsOf({ kind, members }: Entry): string[] {
    if (kind === 'notes') return [this.self];
    return members.filter((id) => id !== this.self && this.#contacts.get(id)?.isFormer === false);
  }

  #add(id: string, parts: Omit<Entry, 'history'>): Entry {
    const { members, group } = parts;
    const entry = { ...parts, history: new History({ id, self: this.self, members, group }) };
    this.entries.set(id, entry);
    return entry;
  }
}

function strangerOf(id: string): Contact {
  const label = id.slice(0, 8);
  return {
    id,
    number: 0,
    label,
    name: label,
    fingerprint: id.slice(0, 32).replace(/(....)(?=.)/g, '$1 '),
    isVerified: false,
    isSelf: false,
    isFormer: true,
  };
}
