import { fromHex } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { Chronicle, context, historyOf, id32, SELF } from './support/chronicle.ts';

describe('unread', () => {
  it('are messages of others that are shown, each once', () => {
    const book = new Chronicle();
    const [text, file, poll] = [book.text('1'), book.file('2', ''), book.write('poll.vote', 1)] as const;
    book.text('own', { author: SELF });
    book.react(text, '👍');
    book.edit(text, 'x');
    book.write('receipt', { read: [[fromHex(id32(1)), [fromHex(id32(2))]]] });
    const gone = [book.text('4'), book.text('5')] as const;
    book.delete(gone[0]);
    const history = historyOf([...book.records, ...book.records].toReversed(), true);
    history.hide([gone[1]]);
    expect(history.unread).toBe(3);
    expect(history.firstUnread).toBe(text.hash);
    expect(history.markRead()).toEqual([text.hash, file.hash, poll.hash]);
    expect([history.unread, history.markRead()]).toEqual([0, []]);
  });

  it('are not what came before this page or was read on an earlier one, before or after the marks come', () => {
    const book = new Chronicle();
    const [one, two, three] = [book.text('1'), book.text('2'), book.text('3')] as const;
    const history = historyOf([]);
    history.add(one, { isUnread: true });
    history.setRead(new Set([one.hash, two.hash]));
    history.add(two, { isUnread: true });
    history.add(three, { isUnread: false });
    expect([history.unread, history.firstUnread, history.markRead()]).toEqual([0, undefined, []]);
  });

  it('keep their mark above the first of them until others come', () => {
    const book = new Chronicle();
    const [one, two, three] = [book.text('1'), book.text('2'), book.text('3')] as const;
    const history = historyOf([two], true);
    expect(history.firstUnread).toBe(two.hash);
    history.add(one, { isUnread: true });
    expect(history.firstUnread).toBe(one.hash);
    history.markRead();
    history.markRead();
    expect(history.firstUnread).toBe(one.hash);
    history.add(three, { isUnread: true });
    expect(history.firstUnread).toBe(three.hash);
    history.hide([three]);
    expect([history.firstUnread, history.unread]).toEqual([one.hash, 0]);
  });
});

it('nothing that only changes others is an item', () => {
  const book = new Chronicle();
  const target = [CONVERSATION, id32(5), SELF].map((id) => fromHex(id));
  book.write('hide', { targets: [[...target, fromHex('00'.repeat(8)), 1, 1]] });
  book.write('receipt', { read: [[fromHex(CONVERSATION), [fromHex(id32(2))]]] });
  expect(historyOf(book.records).items(context())).toEqual([]);
});

const CONVERSATION = id32(9);
