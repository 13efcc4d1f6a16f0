/** Conversations for tests of the history: records with the bodies that the wire has, and a context to show them in. */
import type { CallBody, CborValue } from '@relay/protocol';
import { fromHex, hex } from '@relay/protocol';
import type { OpenedRecord } from '../../src/crypto/opened.ts';
import type { ViewContext } from '../../src/state/history/history.ts';
import { History } from '../../src/state/history/history.ts';
import type { Contact, Item, MessageItem } from '../../src/state/model.ts';
import { HOUR, NOW, nameOf } from './records.ts';

/** A hexadecimal id of 32 bytes that is easy to tell apart. */
export const id32 = (name: number) => name.toString(16).padStart(8, '0').repeat(8);
/** Key hashes of this member and two others. */
export const [SELF, BOB, CAROL] = [id32(0x5e), id32(0xb0), id32(0xc0)];
/** Secret of the call, and name of its room. */
export const CALL = id32(0xca11);
/** The conversation. */
export const CONVERSATION = id32(9);

/** A contact as tests need it. */
export function contactOf(id: string): Contact {
  const rest = { number: 1, label: id, name: id, fingerprint: '', isVerified: false, isFormer: false };
  return { id, ...rest, isSelf: id === SELF };
}

/** A context in which everything own is sent and nothing is loaded. */
export function context(change: Partial<ViewContext> = {}): ViewContext {
  return {
    now: NOW,
    contactOf,
    recipientsOf: () => [{ contact: contactOf(BOB), delivery: 'sent' }],
    fileProgressOf: () => ({ phase: 'remote' }),
    textOf: () => undefined,
    callOf: (secret) => ({ id: hex(secret), phase: 'unknown' }),
    canWrite: true,
    ...change,
  };
}

/** What a written record may have of its own. */
export interface Written {
  at?: number;
  author?: string;
  writer?: string;
  n?: number;
  title?: [string, number];
  /** What it names; the record before, unless given. */
  after?: readonly OpenedRecord[];
}

/** Writes records one after the other; each names the one before it unless told otherwise. */
export class Chronicle {
  readonly records: OpenedRecord[] = [];
  /** How many records each author wrote. */
  readonly #counts = new Map<string, number>();

  /** Writes a record of any kind. */
  write(kind: string, body: CborValue, change: Written = {}): OpenedRecord {
    const name = this.records.length + 1;
    const { author = BOB, at = NOW + name, after = this.records.slice(-1) } = change;
    const n = change.n ?? (this.#counts.get(author) ?? 0) + 1;
    this.#counts.set(author, n);
    const record: OpenedRecord & { title?: [string, number] } = {
      hash: id32(1_000 + name),
      id: id32(name).slice(0, 32),
      author,
      at,
      conversation: CONVERSATION,
      members: [SELF, BOB, CAROL],
      group: undefined,
      writer: change.writer ?? author.slice(0, 16),
      n,
      references: after.map(nameOf),
      kind,
      body,
      content: new Uint8Array(),
      fileKey: undefined,
      sentTo: [],
      ...(change.title === undefined ? {} : { title: change.title }),
    };
    this.records.push(record);
    return record;
  }

  text(text: string, change?: Written & { reply?: string }): OpenedRecord {
    const { reply, ...rest } = change ?? {};
    return this.write('text', { text, ...(reply === undefined ? {} : { reply: fromHex(reply) }) }, rest);
  }

  long(change?: Written): OpenedRecord {
    return this.write('text', { file: { size: 60_000, hash: new Uint8Array(32) } }, change);
  }

  file(name: string, type: string, change?: Written): OpenedRecord {
    return this.write('file', { file: { size: 5, hash: new Uint8Array(32) }, name, type }, change);
  }

  react(target: OpenedRecord, emoji: string, change?: Written): OpenedRecord {
    return this.write('reaction', { target: fromHex(target.hash), emoji }, change);
  }

  edit(target: OpenedRecord, text: string, change?: Written): OpenedRecord {
    return this.write('edit', { target: fromHex(target.hash), text }, change);
  }

  /** An invitation of BOB's to everybody; in tests a room has its secret for a name. */
  call(body: Partial<CallBody> = {}, change?: Written): OpenedRecord {
    const members = [SELF, BOB, CAROL].map((id) => fromHex(id));
    const until = NOW + 4 * HOUR;
    return this.write('call', { secret: fromHex(CALL), members, camera: false, until, ...body }, change);
  }

  /** How that call went. */
  hangup(seconds: number, joined: string[], declined: string[] = [], change?: Written): OpenedRecord {
    const ids = (members: string[]) => members.map((id) => fromHex(id));
    const body = { room: fromHex(CALL), seconds, joined: ids(joined), declined: ids(declined) };
    return this.write('hangup', body, change);
  }

  delete({ hash, writer, n, at }: OpenedRecord, change?: Written): OpenedRecord {
    return this.write('delete', { target: [fromHex(hash), fromHex(writer), n, at] }, change);
  }
}

/** The history of these records, in the order given, nothing unread. */
export function historyOf(records: readonly OpenedRecord[], isUnread = false): History {
  const history = new History({
    id: CONVERSATION,
    self: SELF,
    members: [SELF, BOB, CAROL].toSorted(),
    group: undefined,
  });
  for (const record of records) history.add({ ...record, sentTo: [...record.sentTo] }, { isUnread });
  return history;
}

/** The item of a message. */
export function messageOf(items: readonly Item[], { hash }: OpenedRecord): MessageItem {
  const item = items.find(({ key }) => key === hash);
  if (item?.type !== 'message') throw new Error('no such message');
  return item;
}
