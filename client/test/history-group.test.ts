import { fromHex } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { BOB, CAROL, Chronicle, contactOf, context, historyOf, id32, SELF } from './support/chronicle.ts';
import { HOUR, NOW } from './support/records.ts';

describe('the name of a group', () => {
  it('is the last one in causal order, unless a title tells of a later one', () => {
    const book = new Chronicle();
    book.write('rename', { name: 'A' }, { at: NOW + 9 });
    book.write('rename', { name: 'B' }, { author: CAROL, at: NOW + 5 });
    book.text('x', { author: SELF, title: ['B', NOW + 5], at: NOW + 20 });
    const history = historyOf(book.records.toReversed());
    expect([history.name(), history.titleToWrite()]).toEqual(['B', ['B', NOW + 5]]);
    // Not newer: the renaming itself says better.
    history.add(book.text('y', { title: ['D', NOW + 5], after: [], at: NOW + 6 }), { isUnread: false });
    expect(history.name()).toBe('B');
    history.add(book.text('y', { title: ['C', NOW + 6], at: NOW + 21 }), { isUnread: false });
    expect([history.name(), history.titleToWrite()]).toEqual(['C', ['C', NOW + 6]]);
    history.discard(book.records[1]?.hash ?? '');
    expect(history.name()).toBe('A');
  });

  it('comes from any one message, the one given last where several tell', () => {
    const book = new Chronicle();
    book.text('x', { title: ['new', NOW - 5] });
    book.text('y', { title: ['old', NOW - 9] });
    expect(historyOf(book.records).name()).toBe('new');
    expect(historyOf(book.records.slice(1)).name()).toBe('old');
    book.text('z', { title: ['as new', NOW - 5] });
    expect(historyOf(book.records).name()).toBe('new');
    book.write('rename', { name: 'before' }, { at: NOW - 20, after: [] });
    // The renaming that gave `new` is not here, and it was later.
    expect(historyOf(book.records).name()).toBe('new');
  });

  it('cannot be held for ever by a time in the future', () => {
    const book = new Chronicle();
    book.text('x', { title: ['evil', Number.MAX_SAFE_INTEGER] });
    book.write('rename', { name: 'good' });
    const history = historyOf(book.records);
    expect(history.name()).toBe('good');
    expect(history.titleToWrite()?.[1]).toBeLessThan(NOW + HOUR);
  });

  it('may be empty, and there may be none', () => {
    const book = new Chronicle();
    book.text('x');
    expect([historyOf(book.records).name(), historyOf(book.records).titleToWrite()]).toEqual(['', undefined]);
    book.write('rename', { name: 'A' });
    book.write('rename', { name: '' });
    expect(historyOf(book.records).name()).toBe('');
    expect(historyOf(book.records).titleToWrite()?.[0]).toBe('');
  });
});

it('what happens to a group is shown, and told in causal order', () => {
  const book = new Chronicle();
  const first = book.text('x');
  const events = [
    book.write('rename', { name: 'A' }, { author: SELF }),
    book.write('leave', {}, { author: CAROL, at: NOW + 9 }),
    book.write('leave', {}, { author: CAROL, at: NOW + 8 }),
    book.write('leave', {}, { author: BOB, at: NOW + 7 }),
    book.write('continue', { group: fromHex(id32(3)) }, { author: BOB, at: NOW + 6 }),
  ];
  const history = historyOf(book.records.toReversed(), true);
  const [message, named, ...more] = history.items(context());
  expect(message?.key).toBe(first.hash);
  expect(named).toEqual({
    type: 'event',
    key: events[0]?.hash,
    at: events[0]?.at,
    author: contactOf(SELF),
    event: 'named',
    name: 'A',
  });
  expect(more.map((item) => item.type === 'event' && item.event)).toEqual([
    'left',
    'left',
    'left',
    'continued',
  ]);
  expect(history.leavers()).toEqual([CAROL, BOB]);
  expect(history.continuations()).toEqual([{ group: id32(3), author: BOB }]);
  expect(history.activity).toBe(NOW + 9);
  expect(history.unread).toBe(1);
});
