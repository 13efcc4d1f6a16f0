/** Makes groups, names them, goes on with other members, and leaves (SPEC.md §9). */
import type { Bytes, GroupDescriptor } from '@relay/protocol';
import {
  compareBytes,
  fromHex,
  groupConversationId,
  hex,
  leaveSuccessor,
  MAX_GROUP_NAME_BYTES,
  randomBytes,
  utf8,
} from '@relay/protocol';
import type { Book, Entry } from '../book.ts';
import { asFault, faultOf } from '../fault.ts';
import type { Fault } from '../model.ts';
import type { Poster } from './poster.ts';

/** What the groups need of the world. */
export interface GroupParts {
  circleId: Uint8Array;
  book: Book;
  poster: Poster;
  closed(entry: Entry): Fault | undefined;
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** A group was added. */
  changed(): void;
}

/** A conversation that was made, or why not. */
export type Made = { id: string } | { fault: Fault };

const refuse = (message: string): Made => ({ fault: faultOf('bad_request', message) });

/** A name as it is written, or why it cannot be one. */
function nameOf(text: string): string | Fault {
  const name = text.trim().replace(/\s+/gu, ' ');
  if (utf8(name).length > MAX_GROUP_NAME_BYTES) return faultOf('name_invalid', 'This name is too long.');
  if (/[\p{Cc}\p{Bidi_Control}]/u.test(name)) return faultOf('name_invalid');
  return name;
}

/** Acts on the groups of a member. */
export class Groups {
  readonly #parts: GroupParts;

  constructor(parts: GroupParts) {
    this.#parts = parts;
  }

  /** See `Actions.createGroup`. */
  create(name: string, memberIds: readonly string[]): Promise<Made> {
    return this.#making(async () => {
      const called = nameOf(name);
      if (typeof called !== 'string') return { fault: called };
      const entry = await this.#found(memberIds, new Uint8Array());
      if ('fault' in entry) return entry;
      // Named or not, everyone learns of it at once.
      await this.#parts.poster.post(entry, { kind: 'rename', body: { name: called } });
      return { id: entry.history.id };
    });
  }

  /** See `Actions.renameGroup`. */
  async rename(conversationId: string, name: string): Promise<Fault | undefined> {
    const made = await this.#making(async () => {
      const called = nameOf(name);
      if (typeof called !== 'string') return { fault: called };
      const entry = this.#open(conversationId);
      if ('fault' in entry) return entry;
      if (this.#parts.book.nameOf(entry) !== called)
        await this.#parts.poster.post(entry, { kind: 'rename', body: { name: called } });
      return { id: conversationId };
    });
    return 'fault' in made ? made.fault : undefined;
  }

  /** See `Actions.changeMembers`. */
  change(conversationId: string, memberIds: readonly string[]): Promise<Made> {
    return this.#making(async () => {
      const before = this.#open(conversationId);
      if ('fault' in before) return before;
      const entry = await this.#found(memberIds, fromHex(conversationId));
      if ('fault' in entry) return entry;
      if (entry.members.join() === before.members.join()) return refuse('These are the members already.');
      const { poster } = this.#parts;
      // The new group first: whoever hears that the old one is over can go on at once.
      await poster.post(entry, { kind: 'rename', body: { name: this.#parts.book.nameOf(before) } });
      await poster.post(before, { kind: 'continue', body: { group: fromHex(entry.history.id) } });
      return { id: entry.history.id };
    });
  }

  /** See `Actions.leaveGroup`. */
  async leave(conversationId: string): Promise<Fault | undefined> {
    const made = await this.#making(async () => {
      const entry = this.#open(conversationId);
      if ('fault' in entry) return entry;
      await this.#parts.poster.post(entry, { kind: 'leave', body: {} });
      return { id: conversationId };
    });
    return 'fault' in made ? made.fault : undefined;
  }

  /**
   * Adds the group in which the others go on after somebody left to the book. Whoever left at the same time is still in it, and leaves that one
   * too.
   */
  async succeed(entry: Entry, leaver: string): Promise<void> {
    if (entry.group === undefined) return;
    const group = await leaveSuccessor(entry.group, fromHex(entry.history.id), fromHex(leaver));
    if (group === undefined) return;
    const { self } = this.#parts.book;
    const next = await this.#add(group);
    this.#parts.changed();
    const hasLeft = entry.history.leavers().includes(self) && !next.history.leavers().includes(self);
    if (leaver !== self && hasLeft) await this.leave(next.history.id);
  }

  #open(conversationId: string): Entry | { fault: Fault } {
    const entry = this.#parts.book.entries.get(conversationId);
    if (entry?.kind !== 'group') return { fault: faultOf('recipient_unknown') };
    const closed = this.#parts.closed(entry);
    return closed === undefined ? entry : { fault: closed };
  }

  async #found(memberIds: readonly string[], parent: Uint8Array): Promise<Entry | { fault: Fault }> {
    const { book } = this.#parts;
    const ids = [...new Set([...memberIds, book.self])];
    const isHere = (id: string) => book.contacts.some((contact) => contact.id === id && !contact.isFormer);
    if (!ids.every(isHere)) return { fault: faultOf('recipient_unknown') };
    if (ids.length < 2) return { fault: faultOf('bad_request', 'A group needs somebody besides you.') };
    const members = ids.map((id) => fromHex(id) as Bytes).sort(compareBytes);
    return this.#add({ nonce: randomBytes(16), members, parent: parent.slice() });
  }

  async #add(group: GroupDescriptor): Promise<Entry> {
    const { circleId, book } = this.#parts;
    const id = hex(await groupConversationId(circleId, group));
    return book.addGroup(id, group, group.members.map(hex));
  }

  #making(make: () => Promise<Made>): Promise<Made> {
    return this.#parts.inTurn(async () => {
      try {
        return await make();
      } catch (error) {
        return { fault: asFault(error) };
      }
    });
  }
}
