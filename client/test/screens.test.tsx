import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { AppState, Conversation } from '../src/state/model.ts';
import { App } from '../src/ui/app.tsx';
import { MessengerProvider } from '../src/ui/context.tsx';
import { ordered, preview } from '../src/ui/conversations/order.ts';
import { dayLabel, initials, shortWhen } from '../src/ui/format.ts';
import { MessageList } from '../src/ui/thread/message-list.tsx';
import { toRows } from '../src/ui/thread/rows.ts';
import { busy, contact, gap, idle, message, NOW, troubled } from './fixtures.ts';
import { scenes } from './gallery/scenes.ts';

function markup(state: AppState, element = <App />): string {
  const store = createStore(() => state);
  return renderToStaticMarkup(
    <MessengerProvider messenger={{ store, actions: idle, now: () => NOW }}>{element}</MessengerProvider>,
  );
}

function thread(items: Conversation['items']): string {
  return markup(busy, <MessageList conversation={{ id: 'c', peer: contact(2), items, unread: 0 }} />);
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

  it('previews the last thing on one line', () => {
    const talk = (items: Conversation['items']) => preview({ id: 'c', peer: contact(2), items, unread: 0 });
    expect(talk([])).toBe('No messages yet');
    expect(talk([message(2, 1, { text: ' a\n\n b ' })])).toBe('a b');
    expect(talk([message(1, 1, { text: 'c' })])).toBe('You: c');
    expect(talk([message(2, 1, { text: 'c' }), gap('missing')])).toBe('A message is missing');
  });
});
