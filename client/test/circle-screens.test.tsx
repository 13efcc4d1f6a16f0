import { decodeQR } from 'qr/decode.js';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { AppState, Contact, Conversation } from '../src/state/model.ts';
import { MessengerProvider } from '../src/ui/context.tsx';
import { cameraFault } from '../src/ui/details/camera.ts';
import { Details } from '../src/ui/details/details.tsx';
import { qrPath } from '../src/ui/details/qr-code.tsx';
import { compareCodes } from '../src/ui/details/scan-dialog.tsx';
import { matches } from '../src/ui/groups/matches.ts';
import { Absence } from '../src/ui/roster/absence.tsx';
import { RosterHeld } from '../src/ui/roster/roster-held.tsx';
import { RosterNews } from '../src/ui/roster/roster-news.tsx';
import { nextActive } from '../src/ui/search/search-panel.tsx';
import { held, nicknamed } from './fixtures/circle.ts';
import { busy, contact, idle, NOW, rich } from './fixtures.ts';

const ignore = () => {};

function markup(state: AppState, element: React.ReactElement): string {
  const store = createStore(() => state);
  return renderToStaticMarkup(
    <MessengerProvider messenger={{ store, actions: idle, now: () => NOW }}>{element}</MessengerProvider>,
  );
}

function details(subject: Contact | Conversation | undefined, state: AppState): string {
  if (subject === undefined) throw new Error('There is no such conversation.');
  return markup(
    state,
    <Details subject={subject} onShow={ignore} onBack={undefined} onEdit={ignore} onOpen={ignore} />,
  );
}

const conversation = (id: string) => rich.conversations.find((it) => it.id === id);

describe('details of a member', () => {
  it('show the safety number, its code and what to do with them', () => {
    const page = details(contact(2), busy);
    const number = page.match(/data-testid="safety-number">(.*?)<\/p>/)?.[1] ?? '';
    expect(number.match(/<code>\d{5} <\/code>/g)).toHaveLength(12);
    expect(page).toMatch(/role="img" aria-label="QR code of the safety number with Tomás Okafor"/);
    expect(page).toContain('Not verified yet');
    expect(page).toContain('Mark as verified');
    expect(page).toContain('data-testid="scan-code"');
  });

  it('show the mark, the nickname and the label of one that was verified', () => {
    const page = details(contact(4), nicknamed);
    expect(page).toContain('<strong>Jonas</strong>');
    expect(page).toContain('Jonas Brandt-Lindqvist of the Northern Harbour in the roster');
    expect(page).toContain('Remove the mark');
    expect(page).toMatch(/data-testid="nickname"[^>]*value="Jonas"/);
  });

  it('show the own fingerprint, and nothing to compare with oneself', () => {
    const page = details(contact(1), busy);
    expect(page).toMatch(/<details class="details-more" open="">/);
    expect(page).not.toMatch(/safety-number|nickname|mark-verified/);
    expect(details(contact(2), busy)).not.toMatch(/<details class="details-more" open/);
  });

  it('say of a former one what still works, and offer nothing to verify', () => {
    const page = details(contact(7, { isFormer: true }), rich);
    expect(page).toContain('Member 07 was removed from the circle, or has another key now.');
    expect(page).not.toMatch(/safety-number|mark-verified|scan-code/);
  });

  it('list only groups that go on', () => {
    const page = details(contact(2), rich);
    expect(page.match(/data-testid="shared-group"/g)).toHaveLength(1);
    expect(page).toContain('Roof of the choir house');
    expect(details(contact(11), rich)).toContain('None yet.');
  });
});

describe('details of a group', () => {
  it('show its members with their marks, and what may be done', () => {
    const page = details(conversation('group 1'), rich);
    expect(page.match(/data-testid="details-member-\d+"/g)).toHaveLength(5);
    expect(page.match(/Verified/g)).toHaveLength(1);
    expect(page).toContain('Goes on from “Choir house”');
    for (const id of ['details-rename', 'details-members', 'details-leave'])
      expect(page).toContain(`data-testid="${id}"`);
  });

  it('offer no change of one that ended or goes on elsewhere', () => {
    const ended = details(conversation('group 2'), rich);
    expect(ended).toContain('You left this group.');
    const before = details(conversation('group 0'), rich);
    expect(before).toContain('Goes on in “Roof of the choir house”');
    for (const page of [ended, before])
      expect(page).not.toMatch(/details-rename|details-members|details-leave/);
  });
});

describe('the code of a safety number', () => {
  const own = `relay-safety:1:${'Ab+/'.repeat(11)}`;

  it('can be scanned from its picture', () => {
    const { path, side } = qrPath(own);
    const scale = 4;
    const width = side * scale;
    const data = new Uint8ClampedArray(width * width * 4).fill(255);
    for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
      for (let row = 0; row < scale; row++) {
        const start = (Number(y) * scale + row) * width + Number(x) * scale;
        for (let pixel = start; pixel < start + scale; pixel++) data.fill(0, pixel * 4, pixel * 4 + 3);
      }
    expect(decodeQR({ width, height: width, data })).toBe(own);
  });

  it('matches itself alone, and what is no such code is told apart', () => {
    expect(compareCodes(own, own)).toBe('match');
    expect(compareCodes(`relay-safety:1:${'Ab+/'.repeat(10)}Ab+A`, own)).toBe('mismatch');
    expect(compareCodes(`${own} `, own)).toBe('mismatch');
    expect(compareCodes('https://example.org', own)).toBe('foreign');
    expect(compareCodes('', own)).toBe('foreign');
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'failed'],
  ])('says why there is no picture: %s', (name, fault) => {
    expect(cameraFault(new DOMException('', name))).toBe(fault);
  });
});

describe('news of the circle', () => {
  it('are nothing when there is nothing to tell', () => {
    for (const element of [<RosterNews key="a" />, <RosterHeld key="b" />, <Absence key="c" />])
      expect(markup(busy, element)).toBe('');
  });

  it('say why nothing is sent, and how long one was away', () => {
    expect(markup(held, <RosterHeld />)).toMatch(/Nothing is sent for now\..*which the relay has not served/);
    expect(markup(held, <Absence />)).toContain(
      'You were away for 5 days. Messages live for 60 to 108 hours',
    );
    expect(markup({ ...held, absentSince: NOW - 40 * 3_600_000 }, <Absence />)).toContain('for 1 day.');
  });
});

describe('looking for a member', () => {
  it('goes by name, label and number, whatever case and accents', () => {
    const jonas = contact(4, { name: 'Skipper', nickname: 'Skipper' });
    for (const query of ['', '  ', 'SKIP', 'brandt', 'harbour skipper', '4'])
      expect(matches(jonas, query)).toBe(true);
    for (const query of ['tomas', 'skipper mei', '44']) expect(matches(jonas, query)).toBe(false);
    expect(matches(contact(2), 'tomas')).toBe(true);
  });
});

describe('the mark in what was found', () => {
  it('moves with the arrows and stays within', () => {
    expect(nextActive('ArrowDown', 0, 3)).toBe(1);
    expect(nextActive('ArrowDown', 2, 3)).toBe(2);
    expect(nextActive('ArrowUp', 0, 3)).toBe(0);
    expect(nextActive('ArrowUp', 2, 3)).toBe(1);
    expect(nextActive('ArrowDown', -1, 0)).toBe(-1);
    expect(nextActive('a', 1, 3)).toBeUndefined();
  });
});
