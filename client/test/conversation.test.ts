import { describe, expect, it } from 'vitest';
import type { OpenedRecord } from '../src/crypto/opened.ts';
import { DirectConversation } from '../src/state/conversation.ts';
import type { MessageItem } from '../src/state/model.ts';
import { Notices } from '../src/state/notices.ts';
import { BOB, idOf, SELF } from './support/outbox-edge.ts';
import { NOW } from './support/records.ts';

const self = { id: SELF, number: 1, label: 'Alice', fingerprint: '', isSelf: true };
const bob = { id: BOB, number: 2, label: 'Bob', fingerprint: '', isSelf: false };

function recordOf(name: number, change: Partial<OpenedRecord> = {}): OpenedRecord {
  const base = {
    hash: idOf(name, 32),
    id: idOf(name),
    at: NOW + name,
    conversation: idOf(9, 32),
    members: [],
  };
  const rest = { writer: idOf(name, 8), n: 1, references: [], content: new Uint8Array(), fileKey: undefined };
  const text = { kind: 'text', body: { text: `text ${name}` } };
  return { ...base, ...rest, ...text, author: BOB, group: undefined, sentTo: [], ...change };
}

const make = () => new DirectConversation(idOf(9, 32), self, bob, [BOB, SELF]);

describe('a conversation', () => {
  it('shows texts, own ones with how far they got, and kinds it does not know as such', () => {
    const conversation = make();
    conversation.add(recordOf(1), true);
    conversation.add(recordOf(2, { author: SELF }), true);
    conversation.add(recordOf(3, { author: SELF }), true);
    conversation.add(recordOf(4, { kind: 'poll.vote', body: 5 }), true);
    conversation.add(recordOf(5, { kind: 'constructor', body: {} }), true);
    const fault = { code: 'recipient_unknown', message: 'gone' };
    const failed = { delivery: 'failed' as const, fault };
    const { items, unread } = conversation.view(new Map([[idOf(3, 32), failed]]), NOW);
    const short = (items as MessageItem[]).map(({ own, kind, kindName, text, delivery }) => [
      own,
      kind,
      kindName,
      text,
      delivery,
    ]);
    expect(short).toEqual([
      [false, 'text', 'text', 'text 1', undefined],
      [true, 'text', 'text', 'text 2', 'sent'],
      [true, 'text', 'text', 'text 3', 'failed'],
      [false, 'unsupported', 'poll.vote', undefined, undefined],
      [false, 'unsupported', 'constructor', undefined, undefined],
    ]);
    expect((items[2] as MessageItem).deliveryFault).toEqual(fault);
    expect((items[0] as MessageItem).author).toBe(bob);
    expect(unread).toBe(3);
  });

  it('counts as unread what is new, once', () => {
    const conversation = make();
    conversation.add(recordOf(1), false);
    conversation.add(recordOf(2), true);
    conversation.add(recordOf(2), true);
    expect(conversation.unread).toBe(1);
  });

  it('does not show what was discarded, and makes no gap of it', () => {
    const conversation = make();
    const first = recordOf(1, { author: SELF });
    conversation.add(first, false);
    const { hash, author, writer, n, at } = first;
    conversation.add(recordOf(2, { author: SELF, references: [{ hash, author, writer, n, at }] }), false);
    conversation.discard(hash);
    expect(conversation.view(new Map(), NOW).items.map(({ key }) => key)).toEqual([idOf(2, 32)]);
  });
});

describe('notices', () => {
  it('tell the same fault of the same member once, until it is dismissed', () => {
    const notices = new Notices([self, bob]);
    notices.add('blob_forged', BOB);
    notices.add('blob_forged', BOB);
    notices.add('blob_forged', undefined);
    notices.add('record_time', BOB);
    expect(notices.list.map(({ from, fault }) => [from?.label, fault.code])).toEqual([
      ['Bob', 'blob_forged'],
      [undefined, 'blob_forged'],
      ['Bob', 'record_time'],
    ]);
    for (const { fault } of notices.list) expect(fault.message.length).toBeGreaterThan(10);
    notices.dismiss(notices.list[0]?.key ?? '');
    expect(notices.list).toHaveLength(2);
    notices.add('blob_forged', BOB);
    expect(notices.list).toHaveLength(3);
  });
});
