import { describe, expect, it } from 'vitest';
import type { RecipientDelivery } from '../src/state/model.ts';
import {
  BOB,
  CAROL,
  Chronicle,
  contactOf,
  context,
  historyOf,
  messageOf,
  SELF,
} from './support/chronicle.ts';
import { NOW } from './support/records.ts';

describe('the items of a conversation', () => {
  it('are texts, files and kinds that this version does not know, in causal order', () => {
    const book = new Chronicle();
    const all = [
      book.text('hello', { at: NOW + 50 }),
      book.file('cat.png', 'image/png', { author: SELF }),
      book.write('poll.vote', 5),
      book.write('constructor', {}),
    ];
    const items = historyOf(all.toReversed()).items(context());
    const shown = all.map((record) => messageOf(items, record));
    expect(items).toEqual(shown);
    expect(shown.map(({ kind, kindName, text, own }) => [kind, kindName, text, own])).toEqual([
      ['text', 'text', 'hello', false],
      ['file', 'file', undefined, true],
      ['unsupported', 'poll.vote', undefined, false],
      ['unsupported', 'constructor', undefined, false],
    ]);
    expect(shown[0]).toEqual({
      type: 'message',
      key: all[0]?.hash,
      author: contactOf(BOB),
      own: false,
      at: NOW + 50,
      kind: 'text',
      kindName: 'text',
      text: 'hello',
      isEdited: false,
      reactions: [],
      recipients: [],
      equivocates: false,
      can: { reply: true, react: true, edit: false, deleteForEveryone: false },
    });
    expect(shown[1]?.file).toEqual({
      name: 'cat.png',
      type: 'image/png',
      size: 5,
      media: 'image',
      progress: { phase: 'remote' },
    });
  });

  it('promise of a file only what browsers show', () => {
    const book = new Chronicle();
    const files = [
      book.file('a.bin', 'video/mp4; codecs=x'),
      book.file('a.svg', 'image/svg+xml'),
      book.file('song.MP3', ''),
      book.file('page.png', 'text/html'),
      book.file('page.html', 'application/octet-stream'),
    ];
    const items = historyOf(files).items(context());
    expect(files.map((record) => messageOf(items, record).file?.media)).toEqual([
      'video',
      'other',
      'audio',
      'other',
      'other',
    ]);
  });

  it('have a long text once it is loaded, or the reason why not', () => {
    const book = new Chronicle();
    const [one, two, three] = [book.long(), book.long(), book.long({ author: SELF })] as const;
    const fault = { code: 'chunk_forged', message: 'no' };
    const texts = new Map([
      [one.hash, { text: 'long' }],
      [two.hash, { fault }],
    ]);
    const items = historyOf(book.records).items(context({ textOf: (hash) => texts.get(hash) }));
    expect(messageOf(items, one).text).toBe('long');
    expect(messageOf(items, two)).toMatchObject({ fault });
    const loading = messageOf(items, three);
    expect(['text' in loading, 'fault' in loading, loading.can.edit]).toEqual([false, false, false]);
  });

  it('tell of own messages the least of what became of them', () => {
    const book = new Chronicle();
    const own = book.text('mine', { author: SELF });
    const fault = { code: 'mailbox_full', message: 'full' };
    const to = (...list: RecipientDelivery[]) => {
      const items = historyOf([own]).items(context({ recipientsOf: () => list }));
      const { delivery, deliveryFault, recipients, can } = messageOf(items, own);
      return { delivery, fault: deliveryFault?.code, recipients, deletable: can.deleteForEveryone };
    };
    const bob = (delivery: RecipientDelivery['delivery']) => ({ contact: contactOf(BOB), delivery });
    const carol = (delivery: RecipientDelivery['delivery']) => ({
      contact: contactOf(CAROL),
      delivery,
      fault,
    });
    const order = ['read', 'sent', 'expired', 'waiting', 'failed'] as const;
    for (const [i, more] of order.entries())
      for (const less of order.slice(i)) expect(to(bob(more), carol(less)).delivery).toBe(less);
    expect(to(bob('sent'), carol('waiting'))).toMatchObject({ fault: 'mailbox_full', deletable: true });
    expect(to(bob('waiting'), carol('sent')).fault).toBeUndefined();
    expect(to(bob('sent'), carol('read')).recipients).toEqual([bob('sent'), carol('read')]);
    expect(to(carol('failed'))).toMatchObject({ delivery: 'failed', deletable: false });
    expect(to(bob('sent'), carol('failed')).deletable).toBe(true);
    expect(to()).toMatchObject({ delivery: 'sent', recipients: [], deletable: true });
    // Notes: they go to oneself, and to nobody else.
    expect(to({ contact: contactOf(SELF), delivery: 'waiting' })).toMatchObject({
      delivery: 'waiting',
      recipients: [],
    });
  });

  it('can be acted on only as far as the conversation can be written to', () => {
    const book = new Chronicle();
    const [own, theirs, file] = [
      book.text('a', { author: SELF }),
      book.text('b'),
      book.file('c', '', { author: SELF }),
    ] as const;
    const history = historyOf(book.records);
    const can = (record: typeof own, canWrite: boolean) =>
      Object.entries(messageOf(history.items(context({ canWrite })), record).can)
        .filter(([, may]) => may)
        .map(([name]) => name);
    expect(can(own, true)).toEqual(['reply', 'react', 'edit', 'deleteForEveryone']);
    expect(can(theirs, true)).toEqual(['reply', 'react']);
    expect(can(file, true)).toEqual(['reply', 'react', 'deleteForEveryone']);
    expect(can(own, false)).toEqual(['deleteForEveryone']);
    expect([own, theirs, file].map((record) => history.isOwnDeletable(record))).toEqual([true, false, true]);
  });

  it('end when their last copy ends', () => {
    const book = new Chronicle();
    const record = book.text('x');
    const history = historyOf([]);
    history.add(record, { isUnread: false, expiresAt: NOW + 2 });
    history.add({ ...record }, { isUnread: false, expiresAt: NOW + 1 });
    history.add({ ...record }, { isUnread: false });
    expect(messageOf(history.items(context()), record).expiresAt).toBe(NOW + 2);
  });

  it('know all blobs under which an own record went', () => {
    const book = new Chronicle();
    const record = book.text('x', { author: SELF });
    const line = (blob: string) => ({ member: BOB, blob, fileKey: undefined });
    const history = historyOf([]);
    const kept = history.add({ ...record, sentTo: [line('1')] }, { isUnread: false });
    expect(history.add({ ...record, sentTo: [line('1'), line('2')] }, { isUnread: false })).toBe(kept);
    expect(kept.sentTo.map(({ blob }) => blob)).toEqual(['1', '2']);
    expect(history.record(record.hash)).toBe(kept);
  });
});
