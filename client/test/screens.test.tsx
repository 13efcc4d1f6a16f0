import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { AppState, Conversation } from '../src/state/model.ts';
import { App } from '../src/ui/app.tsx';
import { keptMetadata } from '../src/ui/composer/file-kinds.ts';
import { MessengerProvider } from '../src/ui/context.tsx';
import { titleOf } from '../src/ui/conversations/names.ts';
import { ordered, preview } from '../src/ui/conversations/order.ts';
import { bytes, dayLabel, initials, shortWhen, shownName } from '../src/ui/format.ts';
import { isOneEmoji } from '../src/ui/thread/emoji.ts';
import { expiresSoon, expiryWords } from '../src/ui/thread/expiry.ts';
import { toRows } from '../src/ui/thread/rows.ts';
import { Thread } from '../src/ui/thread/thread.tsx';
import {
  busy,
  contact,
  deleted,
  fileMessage,
  gap,
  group,
  happening,
  idle,
  message,
  NOW,
  rich,
  talk,
  troubled,
} from './fixtures.ts';
import { scenes } from './gallery/scenes.ts';

function markup(state: AppState, element = <App />): string {
  const store = createStore(() => state);
  return renderToStaticMarkup(
    <MessengerProvider messenger={{ store, actions: idle, now: () => NOW }}>{element}</MessengerProvider>,
  );
}

function thread(items: Conversation['items'], conversation = talk(2, items)): string {
  const nothing = () => {};
  return markup(
    busy,
    <Thread
      conversation={conversation}
      draft={{ text: '', files: [] }}
      jump={undefined}
      onDraft={nothing}
      onBack={nothing}
      onOpen={nothing}
      onShow={nothing}
    />,
  );
}

describe('screens', () => {
  it.each(Object.entries(scenes))('%s renders', (_name, { state }) => {
    expect(markup(state)).toContain('class=');
  });

  it('lists the latest conversation first, then by number, and the own notes last', () => {
    const numbers = [...markup(busy).matchAll(/data-testid="conversation-(\d+)"/g)].map(([, n]) => Number(n));
    expect(numbers).toEqual([2, 4, 3, 5, 6, 7, 8, 9, 10, 11, 12, 1]);
    expect(ordered(busy.conversations)).not.toBe(busy.conversations);
  });

  it('lists groups, but none that another one continues', () => {
    const groups = [...markup(rich).matchAll(/data-testid="group-(group \d)"/g)].map(([, id]) => id);
    expect(groups).toEqual(['group 1', 'group 2']);
  });

  it('says how the connection is, why, and when it is tried again', () => {
    expect(markup(busy)).toMatch(/data-testid="connection" data-status="online"/);
    const offline = markup(troubled);
    expect(offline).toMatch(/data-testid="connection" data-status="offline"/);
    expect(offline).toContain('The relay does not answer. Check the address');
    expect(offline).toContain('Trying again in 12 s.');
    expect(offline).toMatch(/data-testid="outbox" data-count="2"/);
    expect(offline).toContain('Unsent messages are lost when the page closes.');
    expect(offline).toContain('2 deliveries were refused');
  });

  it('shows a fault of the identity with its title', () => {
    const page = markup(scenes['identity-fault']?.state ?? busy);
    expect(page).toMatch(/role="alert".*The file is incomplete.*Copy it again/);
    expect(page).toContain('data-testid="identity-file"');
  });
});

describe('a thread', () => {
  it('shows text as it is, and makes no link and no markup of it', () => {
    const page = thread([message(2, 1, { text: 'a\n<img src=x> https://example.org 👩🏽‍🚀' })]);
    expect(page).toContain('a\n&lt;img src=x&gt; https://example.org 👩🏽‍🚀');
    expect(page).not.toMatch(/<a |<img/);
  });

  it('marks gaps, unknown kinds, equivocation, and what is not sent', () => {
    const page = thread([
      gap('expired', 2),
      gap('missing', 1),
      gap('missing', 3),
      gap('elsewhere', 2),
      message(2, 9, { kind: 'unsupported', kindName: 'poll.vote' }),
      message(2, 8, { text: 'x', equivocates: true }),
      message(1, 7, {
        text: 'y',
        delivery: 'waiting',
        deliveryFault: { code: 'mailbox_full', message: 'No room.' },
      }),
      message(1, 6, {
        text: 'z',
        delivery: 'failed',
        deliveryFault: { code: 'mailbox_full', message: 'Full up.' },
      }),
    ]);
    expect(page).toContain('Earlier messages have expired');
    expect(page).toContain('A message is missing here');
    expect(page).toContain('3 messages are missing here');
    expect(page).toContain('2 messages of yours are not here yet');
    expect(page).toContain('<code>poll.vote</code>');
    expect(page.match(/data-testid="equivocation"/g)).toHaveLength(1);
    expect(page).toMatch(/data-own="true" data-delivery="waiting"/);
    expect(page).toMatch(/Still waiting\..*No room\./);
    expect(page).toMatch(/Not sent.*Full up\..*Try again.*Discard/);
  });

  it('shows what was deleted, changed, answered and reacted to', () => {
    const first = message(2, 9, { text: 'Where?' });
    const page = thread([
      first,
      deleted(2, 8),
      message(1, 7, {
        text: 'Here',
        isEdited: true,
        delivery: 'read',
        reply: { key: first.key, state: 'here', author: first.author, excerpt: 'Where?' },
        reactions: [{ emoji: '👍', members: [contact(2), contact(1)], own: true }],
      }),
      message(2, 6, { text: 'Oh', reply: { key: 'x', state: 'gone' } }),
    ]);
    expect(page).toMatch(/data-kind="deleted".*Message deleted/);
    expect(page).toMatch(/data-testid="reply-quote" data-state="here".*Tomás Okafor.*Where\?/);
    expect(page).toMatch(/data-testid="edited"/);
    expect(page).toMatch(/data-testid="delivery" data-state="read"/);
    expect(page).toMatch(/aria-pressed="true" aria-label="👍 from Tomás Okafor, You"/);
    expect(page).toContain('A message that is not here any more');
  });

  it('shows a file by what it was found to be, never by its type, and nothing before it is loaded', () => {
    const page = thread([
      fileMessage(2, 9, {
        name: 'a.html',
        media: 'other',
        type: 'text/html',
        progress: { phase: 'ready', url: 'blob:1' },
      }),
      fileMessage(2, 8, { name: 'cat\u202Egpj.exe', media: 'image' }),
      fileMessage(2, 7, { name: 'b.png', media: 'image', progress: { phase: 'ready', url: 'blob:2' } }),
    ]);
    expect(new Set(page.match(/blob:\d/g))).toEqual(new Set(['blob:2']));
    expect(page).toContain('catgpj.exe');
    expect(page).toContain('Show (2.4 MB)');
  });

  it('names authors in groups, tells what happened, and marks what is unread', () => {
    const unread = message(3, 1, { text: 'b' });
    const items = [happening(2, 3, 'named', 'Choir'), message(2, 2, { text: 'a' }), unread];
    const page = thread(items, group(1, [2, 3], { items, firstUnread: unread.key, continues: 'group 0' }));
    expect(page).toContain('Tomás Okafor named the group “Choir”');
    expect(page).toMatch(
      /class="author"[^>]*>Tomás Okafor.*data-testid="unread-mark".*class="author"[^>]*>Mei/,
    );
    expect(page).toContain('data-testid="earlier"');
  });

  it.each([
    ['You left this group', group(1, [2], { canWrite: false, ended: 'left' })],
    ['The others went on without you', group(1, [2], { canWrite: false, ended: 'removed' })],
    ['Open the newer group', group(1, [2], { canWrite: false, continuedBy: 'group 2' })],
    [
      'Mei is not in the circle any more',
      { ...talk(3), kind: 'direct' as const, peer: contact(3, { isFormer: true }), canWrite: false },
    ],
  ])('says in place of the composer: %s', (words, conversation) => {
    const page = thread([], conversation);
    expect(page).toContain(words);
    expect(page).not.toContain('data-testid="composer"');
  });

  it('puts messages of one author together, by day', () => {
    const rows = toRows([
      message(2, 2000, { text: 'a' }),
      gap('missing'),
      message(2, 22, { text: 'b' }),
      message(2, 20, { text: 'c' }),
      message(1, 19, { text: 'd' }),
      message(1, 9, { text: 'e' }),
    ]);
    expect(rows.map(({ type }) => type)).toEqual(['day', 'group', 'gap', 'day', 'group', 'group', 'group']);
    expect(rows.map((row) => (row.type === 'group' ? row.messages.length : 0))).toEqual([
      0, 1, 0, 0, 2, 1, 1,
    ]);
  });
});

describe('expiry', () => {
  const hours = (count: number) => NOW + count * 3_600_000;

  it('is near when the hour is known and near, or when nothing can live longer', () => {
    expect(expiresSoon(message(2, 1, { expiresAt: hours(5) }), NOW)).toBe(true);
    expect(expiresSoon(message(2, 1, { expiresAt: hours(7) }), NOW)).toBe(false);
    expect(expiresSoon(message(2, 103 * 60), NOW)).toBe(true);
    expect(expiresSoon(message(2, 70 * 60), NOW)).toBe(false);
  });

  it('is told as one time or as two, and not before a message is at the relay', () => {
    expect(expiryWords(message(2, 1, { expiresAt: hours(30) }))).toMatch(/^Disappears Sunday/);
    expect(expiryWords(message(2, 0))).toMatch(/^Disappears between Tuesday .* and Thursday/);
    expect(expiryWords(message(1, 0, { delivery: 'waiting' }))).toBeUndefined();
  });
});

describe('words', () => {
  it('tells days from the local midnight', () => {
    const midnight = new Date(2026, 2, 14).getTime();
    expect(dayLabel(midnight, NOW)).toBe('Today');
    expect(dayLabel(midnight - 1, NOW)).toBe('Yesterday');
    expect(shortWhen(midnight - 1, NOW)).not.toBe(shortWhen(midnight, NOW));
  });

  it.each([
    ['Ines Aydın', 'IA'],
    ['Mei', 'M'],
    ['Member 05', '05'],
    ['👩🏽‍🚀 Ada', '👩🏽‍🚀A'],
    ['  ', ''],
  ])('shortens %s to %s', (label, short) => expect(initials(label)).toBe(short));

  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1500, '1.5 kB'],
    [48_000_000, '48 MB'],
    [2_100_000_000, '2.1 GB'],
  ])('tells %d bytes as %s', (size, words) => expect(bytes(size)).toBe(words));

  it('leaves no sign in a name of a file that hides its end', () => {
    expect(shownName('photo\u202Egpj\u2066.e\u200Bxe\n')).toBe('photogpj.exe');
    expect(shownName('Übersicht – 東京 👩🏽.pdf')).toBe('Übersicht – 東京 👩🏽.pdf');
  });

  it.each(['👍', '❤️', '❤', '👩🏽‍🚀', '🇨🇭', '5️⃣'])('takes %s for one emoji', (emoji) =>
    expect(isOneEmoji(emoji)).toBe(true),
  );
  it.each(['', 'a', '👍👍', 'ok 👍', '5', `👨${'\u200d👨'.repeat(9)}`])('does not take %s for one', (words) =>
    expect(isOneEmoji(words)).toBe(false),
  );

  it.each([
    ['a.jpg', 'image/jpeg', undefined],
    ['a.heic', '', 'picture'],
    ['a', 'image/avif', 'picture'],
    ['a.MOV', '', 'video'],
    ['a', 'video/mp4', 'video'],
    ['a.pdf', 'application/pdf', undefined],
  ])('knows whether %s (%s) keeps its metadata', (name, type, kept) =>
    expect(keptMetadata({ name, type })).toBe(kept),
  );

  it('names a group by its name, or by its members', () => {
    expect(titleOf(group(1, [2, 3], { name: 'Choir' }))).toBe('Choir');
    expect(titleOf(group(1, [2, 3]))).toBe('Tomás Okafor, Mei');
    expect(titleOf(group(1, [2, 3, 5, 6]))).toBe('Tomás Okafor, Mei and 2 more');
  });

  it('previews the last thing on one line', () => {
    const said = (items: Conversation['items']) => preview(talk(2, items));
    expect(said([])).toBe('No messages yet');
    expect(said([message(2, 1, { text: ' a\n\n b ' })])).toBe('a b');
    expect(said([message(1, 1, { text: 'c' })])).toBe('You: c');
    expect(said([message(2, 1, { text: 'c' }), gap('missing')])).toBe('A message is missing');
    expect(said([fileMessage(1, 1, { name: 'a.png', media: 'image' })])).toBe('You: Picture: a.png');
    expect(said([deleted(2, 1)])).toBe('Message deleted');
    expect(preview(group(1, [2, 3], { items: [message(3, 1, { text: 'd' })] }))).toBe('Mei: d');
    expect(preview(group(1, [2], { items: [happening(1, 1, 'left')] }))).toBe('You left the group');
  });
});
