import { fromHex } from '@relay/protocol';
import { describe, expect, it } from 'vitest';
import { BOB, CAROL, Chronicle, context, historyOf, id32, messageOf, SELF } from './support/chronicle.ts';
import { NOW } from './support/records.ts';

describe('edits', () => {
  it('count when the author of a text makes them: the last in causal order, whatever the clocks say', () => {
    const book = new Chronicle();
    const text = book.text('one');
    book.edit(text, 'two', { at: NOW + 100 });
    book.edit(text, 'three', { at: NOW + 2 });
    book.edit(text, 'forged', { author: CAROL });
    const history = historyOf(book.records.toReversed());
    const items = history.items(context());
    expect(items).toHaveLength(1);
    expect(messageOf(items, text)).toMatchObject({ text: 'three', isEdited: true });
    expect(history.currentText(text.hash)).toBe('three');
  });

  it('wait for what they name, and change nothing but texts', () => {
    const book = new Chronicle();
    const [text, file, poll] = [book.text('one'), book.file('f', ''), book.write('poll.vote', 1)] as const;
    for (const target of [text, file, poll]) book.edit(target, 'new');
    const history = historyOf(book.records.slice(3));
    for (const record of [poll, file, text]) history.add(record, { isUnread: false });
    const items = history.items(context());
    expect(messageOf(items, text)).toMatchObject({ text: 'new', isEdited: true });
    for (const record of [file, poll]) {
      expect(messageOf(items, record).isEdited).toBe(false);
      expect('text' in messageOf(items, record)).toBe(false);
      expect(history.currentText(record.hash)).toBeUndefined();
    }
  });

  it('take the place of a long text, loaded or not', () => {
    const book = new Chronicle();
    const long = book.long({ author: SELF });
    book.edit(long, 'short', { author: SELF });
    const fault = { code: 'file_mismatch', message: '' };
    const item = messageOf(historyOf(book.records).items(context({ textOf: () => ({ fault }) })), long);
    expect(item).toMatchObject({ text: 'short', isEdited: true });
    expect([item.fault, item.can.edit]).toEqual([undefined, false]);
  });
});

describe('reactions', () => {
  it('are one of each member: the last, which an empty one takes back', () => {
    const book = new Chronicle();
    const text = book.text('x');
    book.react(text, '👍', { author: CAROL });
    book.react(text, '🎉', { author: SELF });
    book.react(text, '👍');
    const shown = () =>
      messageOf(historyOf(book.records).items(context()), text).reactions.map(({ emoji, members, own }) => [
        emoji,
        members.map(({ id }) => id),
        own,
      ]);
    expect(shown()).toEqual([
      ['👍', [CAROL, BOB], false],
      ['🎉', [SELF], true],
    ]);
    book.react(text, '🎉', { author: CAROL });
    book.react(text, '');
    expect(shown()).toEqual([['🎉', [SELF, CAROL], true]]);
  });

  it('do nothing to what is no message', () => {
    const book = new Chronicle();
    const reaction = book.react(book.text('x'), '👍');
    book.react(reaction, '🙈');
    expect(historyOf(book.records).items(context())).toHaveLength(1);
  });
});

describe('replies', () => {
  it('show the beginning of what they answer, as it stands now, in one line', () => {
    const book = new Chronicle();
    const text = book.text('old');
    const file = book.file('cat.png', 'image/png', { author: SELF });
    const replies = [text, file].map(({ hash }) => book.text('answer', { reply: hash }));
    book.edit(text, `  two\n\n\tlines ${'😀'.repeat(200)}`);
    const items = historyOf(book.records).items(context());
    const [one, two] = replies.map((record) => messageOf(items, record).reply);
    expect(one).toMatchObject({ key: text.hash, state: 'here', author: { id: BOB } });
    expect(one?.excerpt?.startsWith('two lines 😀')).toBe(true);
    expect(Array.from(one?.excerpt ?? '')).toHaveLength(120);
    expect(one?.excerpt?.endsWith('😀…')).toBe(true);
    expect(two).toMatchObject({ state: 'here', author: { id: SELF }, excerpt: 'cat.png' });
  });

  it('say what is not there', () => {
    const book = new Chronicle();
    const [deleted, hidden, rename] = [
      book.text('secret'),
      book.text('hidden'),
      book.write('rename', { name: 'G' }),
    ] as const;
    const targets = [deleted.hash, hidden.hash, rename.hash, id32(77), id32(78)];
    const replies = targets.map((reply) => book.text('answer', { reply }));
    book.delete(deleted);
    book.write('delete', { target: [fromHex(id32(78)), fromHex('00'.repeat(8)), 1, NOW] });
    const history = historyOf(book.records);
    history.hide([hidden]);
    const items = history.items(context());
    expect(replies.map((record) => messageOf(items, record).reply?.state)).toEqual([
      'deleted',
      'gone',
      'gone',
      'gone',
      'deleted',
    ]);
    expect(JSON.stringify(items)).not.toMatch(/secret|hidden/);
  });
});

describe('deleting', () => {
  it('leaves nothing of a message but that it was there', () => {
    const book = new Chronicle();
    const first = book.text('first', { author: SELF });
    const text = book.text('secret', { author: SELF, reply: first.hash });
    book.edit(text, 'secret too', { author: SELF });
    book.react(text, '👍');
    const file = book.file('secret.png', 'image/png');
    for (const record of [text, file]) book.delete(record, { author: record.author });
    const history = historyOf(book.records.toReversed());
    const items = history.items(context());
    expect(items.map((item) => item.type === 'message' && item.kind)).toEqual(['text', 'deleted', 'deleted']);
    expect(JSON.stringify(items)).not.toMatch(/secret|👍|image|reply":\{/);
    for (const record of [text, file]) {
      const item = messageOf(items, record);
      expect(item.can).toEqual({ reply: false, react: false, edit: false, deleteForEveryone: false });
      expect([item.reactions, item.recipients, item.isEdited]).toEqual([[], [], false]);
      expect(history.currentText(record.hash)).toBeUndefined();
      expect(history.isOwnDeletable(record)).toBe(false);
    }
  });

  it('is only for the author, and lasts when the message comes again', () => {
    const book = new Chronicle();
    const [mine, theirs] = [book.text('mine'), book.text('theirs', { author: CAROL })] as const;
    const tombstone = book.delete(mine);
    book.delete(theirs, { author: BOB });
    const history = historyOf([tombstone, ...book.records.slice(3)]);
    expect(history.items(context()).filter(({ type }) => type === 'message')).toEqual([]);
    for (const record of [mine, theirs]) history.add(record, { isUnread: true });
    const items = history.items(context());
    expect([mine, theirs].map((record) => messageOf(items, record).kind)).toEqual(['deleted', 'text']);
    expect(history.unread).toBe(1);
  });

  it('makes no gap where the message is gone, but keeps what is missing before it', () => {
    const book = new Chronicle();
    const all = [1, 2, 3, 4].map((n) => book.text(`${n}`)) as [typeof first, typeof first, typeof first];
    const first = book.records[0] as (typeof book.records)[number];
    book.delete(all[2]);
    const gapsOf = (records: typeof book.records) =>
      historyOf(records)
        .items(context())
        .flatMap((item) => (item.type === 'gap' ? [item.count] : []));
    const without = (...left: unknown[]) => book.records.filter((record) => !left.includes(record));
    expect(gapsOf(without(all[2]))).toEqual([]);
    expect(gapsOf(without(all[1], all[2]))).toEqual([1]);
    expect(gapsOf(without(all[1]))).toEqual([1]);
  });

  it('for oneself shows nothing, and makes no gap, whether the record is here or comes later', () => {
    const book = new Chronicle();
    const [one, two, three] = [book.text('1'), book.text('2'), book.text('3')] as const;
    const history = historyOf([one, three], true);
    history.hide([one, two]);
    expect(history.items(context()).map(({ key }) => key)).toEqual([three.hash]);
    history.add(two, { isUnread: true });
    expect(history.items(context()).map(({ key }) => key)).toEqual([three.hash]);
    expect([history.unread, history.currentText(one.hash)]).toEqual([1, undefined]);
  });

  it('of what never left takes back what it did, and makes no gap', () => {
    const book = new Chronicle();
    const text = book.text('one', { author: SELF });
    const edit = book.edit(text, 'two', { author: SELF });
    const last = book.text('three', { author: SELF });
    const history = historyOf(book.records);
    history.discard(edit.hash);
    expect(messageOf(history.items(context()), text)).toMatchObject({ text: 'one', isEdited: false });
    history.discard(text.hash);
    expect(history.items(context()).map(({ key }) => key)).toEqual([last.hash]);
  });
});

it('gaps with only changes or hidden records between them are one', () => {
  const book = new Chronicle();
  const text = book.text('0');
  const lost = [CAROL, SELF].map((author) =>
    book.text('lost', { author: author === SELF ? id32(7) : author }),
  );
  book.react(text, '👍', { after: [text, ...lost.slice(0, 1)] });
  const last = book.text('last', { after: lost.slice(1) });
  const items = historyOf(book.records.filter((record) => !lost.includes(record))).items(context());
  expect(items.map((item) => (item.type === 'gap' ? item.count : item.key))).toEqual([
    text.hash,
    2,
    last.hash,
  ]);
});
