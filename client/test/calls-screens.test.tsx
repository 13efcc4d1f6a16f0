import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { ActiveCall, AppState, Participant } from '../src/state/model.ts';
import { App } from '../src/ui/app.tsx';
import { arrange, mainTile } from '../src/ui/calls/arrange.ts';
import { callNews } from '../src/ui/calls/call-announcer.tsx';
import { CallButtons } from '../src/ui/calls/call-buttons.tsx';
import { largestTiles } from '../src/ui/calls/grid.ts';
import { callTitle, callWords, clock } from '../src/ui/calls/words.ts';
import { MessengerProvider } from '../src/ui/context.tsx';
import { preview } from '../src/ui/conversations/order.ts';
import { strings } from '../src/ui/strings.ts';
import { activeCall, callItem, calling, FAULTS, knownCall, participant } from './fixtures/calls.ts';
import { contact, group, idle, NOW, rich, talk } from './fixtures.ts';

function markup(state: AppState, element = <App />): string {
  const store = createStore(() => state);
  return renderToStaticMarkup(
    <MessengerProvider messenger={{ store, actions: idle, now: () => NOW }}>{element}</MessengerProvider>,
  );
}

const numbers = (tiles: { participant: Participant; kind: string }[]) =>
  tiles.map(({ participant: { contact }, kind }) =>
    kind === 'screen' ? `screen ${contact.number}` : contact.number,
  );

describe('lengths of calls', () => {
  it.each([
    [-5, '0:00'],
    [7_400, '0:07'],
    [760_000, '12:40'],
    [3_723_000, '1:02:03'],
    [36_000_000, '10:00:00'],
  ])('%i ms read %s', (length, words) => expect(clock(length)).toBe(words));
});

describe('tiles of a grid', () => {
  const spaces = [
    { width: 1248, height: 652 },
    { width: 344, height: 560 },
    { width: 800, height: 90 },
  ];
  it.each(spaces)('fit $width by $height, all of them, and none is a strip', (space) => {
    for (let count = 1; count <= 24; count += 1) {
      const { width, height } = largestTiles(count, space, 12);
      const columns = Math.floor((space.width + 12) / (width + 12));
      const rows = Math.floor((space.height + 12) / (height + 12));
      expect([count, columns * rows >= count]).toEqual([count, true]);
      expect(width / height).toBeLessThan(1.9);
      expect(width / height).toBeGreaterThan(0.7);
    }
  });

  it('have no size before there is room', () => {
    expect(largestTiles(3, { width: 0, height: 0 }, 12)).toEqual({ width: 0, height: 0 });
  });
});

describe('the stage', () => {
  const self = participant(1);
  const place = (call: ActiveCall, layout: 'grid' | 'speaker', pinned?: string, speaker?: string) =>
    arrange(call, layout, mainTile(call, { pinned, speaker }));

  it('shows one other large, and this member in a corner', () => {
    const { large, corner, strip } = place(activeCall([self, participant(2)]), 'speaker');
    expect([numbers(large), corner?.participant.isSelf, strip]).toEqual([[2], true, []]);
  });

  it('shows whom one waits for while nobody is there, and then those who are', () => {
    const waiting = activeCall([
      self,
      participant(2, { presence: 'ringing' }),
      participant(3, { presence: 'declined' }),
    ]);
    expect(numbers(place(waiting, 'grid').large)).toEqual([2, 3, 1]);
    const begun = activeCall([self, participant(2), participant(3, { presence: 'declined' })]);
    expect(numbers(place(begun, 'grid').large)).toEqual([2, 1]);
    expect(place(begun, 'grid').absent.map((one) => one.contact.number)).toEqual([3]);
  });

  it('puts who was chosen before a screen, a screen before who speaks, and that one before the first', () => {
    const plain = activeCall([self, participant(2), participant(3), participant(4)]);
    const shared = activeCall([self, participant(2), participant(3), participant(4, { hasScreen: true })]);
    const [, , third, fourth] = plain.participants.map(({ contact }) => contact.id);
    expect(numbers(place(plain, 'speaker').large)).toEqual([2]);
    expect(numbers(place(plain, 'speaker', undefined, third).large)).toEqual([3]);
    expect(numbers(place(shared, 'speaker', undefined, third).large)).toEqual(['screen 4']);
    expect(numbers(place(shared, 'speaker', fourth, third).large)).toEqual([4]);
    expect(numbers(place(shared, 'speaker', fourth, third).strip)).toEqual(['screen 4', 2, 3, 1]);
  });

  it('forgets a choice that has left', () => {
    const call = activeCall([self, participant(2), participant(3, { presence: 'left' }), participant(4)]);
    expect(numbers(place(call, 'speaker', contact(3).id).large)).toEqual([2]);
  });
});

describe('words', () => {
  it('name a call after its conversation, or after the people where it is larger than that', () => {
    const conversations = [talk(2), group(1, [2, 3], { name: 'Rowers' })];
    expect(callTitle(conversations, 'group 1', [contact(1), contact(2)])).toBe('Rowers');
    expect(callTitle(conversations, 'conversation 2', [contact(1), contact(2)])).toBe('Tomás Okafor');
    expect(callTitle(conversations, 'conversation 2', [contact(1), contact(2), contact(3)])).toBe(
      'Tomás Okafor, Mei',
    );
    expect(callTitle(conversations, undefined, [contact(3)])).toBe('Mei');
  });

  it('tell how a call went, in the thread and in the list', () => {
    expect(callWords(callItem(2, 3, 'missed', { camera: true }))).toBe('Missed video call');
    expect(callWords(callItem(1, 3, 'unanswered'))).toBe('Voice call, no answer');
    expect(preview(talk(2, [callItem(2, 3, 'declined')]))).toBe('Voice call, declined');
  });

  it('say what happened in the call, and nothing of what did not', () => {
    const before = activeCall([participant(1), participant(2), participant(3, { presence: 'ringing' })]);
    const now = activeCall([
      participant(1),
      participant(2, { presence: 'left' }),
      participant(3, { presence: 'connecting' }),
      participant(4, { presence: 'invited', addedBy: contact(3) }),
    ]);
    expect(callNews(before, now)).toEqual([
      'Tomás Okafor left the call',
      'Mei is in the call',
      'Mei added Jonas Brandt-Lindqvist of the Northern Harbour',
    ]);
    expect(callNews(now, now)).toEqual([]);
    expect(callNews(now, { ...now, phase: 'reconnecting' })).toEqual([strings.callNews.broke]);
    expect(callNews(now, { ...now, isCameraAllowed: false })).toEqual([strings.call.cameraCap]);
  });
});

describe('the buttons of a thread', () => {
  const buttons = (state: AppState, conversation = talk(2)) =>
    [...markup(state, <CallButtons conversation={conversation} />).matchAll(/data-testid="([^"]+)"/g)].map(
      ([, id]) => id,
    );
  it('are there where somebody can be called', () => {
    expect(buttons(calling({}))).toEqual(['call-voice', 'call-video']);
    expect(buttons(calling({}), talk(1))).toEqual([]);
    expect(buttons(calling({}), { ...talk(7), canWrite: false })).toEqual([]);
    expect(buttons(calling({ isSupported: false }))).toEqual([]);
  });

  it('rest while this page is in a call', () => {
    const state = calling({ active: activeCall([participant(1), participant(2)]) });
    expect(markup(state, <CallButtons conversation={talk(3)} />).match(/disabled=""/g)).toHaveLength(2);
  });
});

describe('the call', () => {
  const shown = (change: Partial<ActiveCall>, people = [participant(1), participant(2)]) =>
    markup(calling({ active: activeCall(people, change) }));

  it('tells tests and eyes the same of everyone', () => {
    const people = [
      participant(1),
      participant(2, { muted: true, deafened: true }),
      participant(3, { presence: 'busy' }),
    ];
    const page = markup(calling({ active: activeCall(people), speaking: [contact(2).id] }));
    expect(page).toMatch(/data-testid="call" data-phase="ongoing"/);
    expect(page).toMatch(/data-member="2" data-presence="connected" data-muted="true" data-deafened="true"/);
    expect(page).toContain('aria-label="Tomás Okafor, Muted, Hears nobody, Speaking"');
    expect(page).toMatch(/data-member="3" data-presence="busy"/);
    expect(page).toMatch(/data-testid="call-timer">12:42</);
  });

  it('says how it ended, and why', () => {
    expect(shown({ phase: 'ended', ending: 'busy' })).toMatch(/data-ending="busy".*In another call/);
    const failed = shown({ phase: 'ended', ending: 'failed', fault: FAULTS.unreachable });
    expect(failed).toMatch(/data-testid="call-fault" data-code="calls_unreachable"/);
    expect(failed).not.toContain('call-controls');
  });

  it('says that addresses are seen, and that sound waits for a click', () => {
    const page = shown({ isDirect: true, needsClick: true });
    expect(page).toContain(strings.call.directTip);
    expect(page).toContain('data-testid="call-hear"');
  });

  it('leaves nothing below it to reach', () => {
    expect(shown({})).toMatch(/<div class="frame" inert=""/);
    expect(markup(rich)).not.toContain('inert');
  });
});

describe('a call without this window', () => {
  it('is named with who is in it, and how to get in', () => {
    const page = markup(calling({ known: [knownCall(2, { phase: 'ongoing' }), knownCall(3)] }));
    expect(page.match(/data-testid="call-banner"/g)).toHaveLength(1);
    expect(page).toContain('In it: Tomás Okafor.');
    expect(page.match(/data-testid="ringing"/g)).toHaveLength(1);
  });

  it('marks the row of its conversation alone, in words too, whether this page is in it or not', () => {
    const rows = (state: AppState) =>
      [...markup(state).matchAll(/<li>.*?<\/li>/g)]
        .map(([row]) => row)
        .filter((row) => row.includes('conversation-call') && row.includes(strings.call.goesOn))
        .map((row) => row.match(/data-id="([^"]+)"/)?.[1]);
    expect(rows(calling({}))).toEqual([]);
    expect(rows(calling({ known: [knownCall(2, { phase: 'ongoing' })] }))).toEqual(['conversation 2']);
    const active = activeCall([participant(1), participant(2)], { conversationId: 'group 1' });
    expect(rows(calling({ active }))).toEqual(['group 1']);
    expect(rows(calling({ active: { ...active, phase: 'ended' } }))).toEqual([]);
  });

  it('is not named while this page is in it', () => {
    const state = calling({
      active: activeCall([participant(1), participant(2)]),
      known: [knownCall(2, { id: 'call 1', phase: 'ongoing' })],
    });
    expect(markup(state)).not.toContain('call-banner');
  });
});
