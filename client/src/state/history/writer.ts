/** Writes the records of one page load in one conversation (SPEC.md §8). */
import type { GroupDescriptor, Record as WireRecord } from '@relay/protocol';
import { encodeRecord, fromHex, hex, MAX_HEADS, randomBytes } from '@relay/protocol';
import type { Timeline, TimelineRecord } from './timeline.ts';

/** What a new record says. */
export interface Draft {
  kind: string;
  body: unknown;
  /** Milliseconds from the Unix epoch. */
  at: number;
  /** Only in groups: the name that this member knows, and when it was given (milliseconds). */
  title?: [string, number];
}

/** The chain of records that this page load adds to a conversation. */
export class Writer {
  readonly id = hex(randomBytes(8));
  readonly #conversation: Uint8Array;
  /** Hexadecimal key hashes, sorted. */
  readonly #members: readonly string[];
  readonly #group: GroupDescriptor | undefined;
  #n = 0;
  #prev: WireRecord['prev'] = [];

  /**
   * @param conversation conversation id, hexadecimal
   * @param members its members' key hashes, hexadecimal, sorted
   * @param group its descriptor, where it is a group
   */
  constructor(conversation: string, members: readonly string[], group?: GroupDescriptor) {
    this.#conversation = fromHex(conversation);
    this.#members = members;
    this.#group = group;
  }

  /** The bytes of the next record. The chain moves on only with {@link Writer.written}. */
  compose(draft: Draft, timeline: Timeline<TimelineRecord>): Uint8Array {
    const heads = timeline.heads(this.id).slice(-MAX_HEADS);
    return encodeRecord({
      id: randomBytes(16),
      at: draft.at,
      conversation: this.#conversation.slice(),
      ...(this.#group === undefined ? {} : { group: this.#group }),
      ...(draft.title === undefined ? {} : { title: draft.title }),
      writer: fromHex(this.id),
      n: this.#n + 1,
      prev: this.#prev,
      heads: heads.map(({ author, writer, n, hash, at }) => [
        this.#members.indexOf(author),
        fromHex(writer),
        n,
        fromHex(hash),
        at,
      ]),
      kind: draft.kind,
      body: draft.body,
    });
  }

  /** Takes a composed record into the chain. */
  written({ hash, at }: TimelineRecord): void {
    this.#n++;
    this.#prev = [fromHex(hash), at];
  }
}
