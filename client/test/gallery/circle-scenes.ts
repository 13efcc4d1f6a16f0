import { changed, held, nicknamed, outdated } from '../fixtures/circle.ts';
import { busy, rich, silent } from '../fixtures.ts';
import type { Scene } from './scenes.ts';

const refused = {
  code: 'quota_exceeded',
  message: 'The relay takes no more from you for now. Try again later.',
};

/** Groups, details, the roster, settings and the search. */
export const circleScenes: Record<string, Scene> = {
  'group-new': { state: rich, click: ['new-group', 'group-member-3', 'group-member-4'] },
  'group-find': { state: nicknamed, click: ['new-group'], fill: [['group-find', 'jonas']] },
  'group-find-none': { state: rich, click: ['new-group'], fill: [['group-find', 'nobody at all']] },
  'group-needed': { state: rich, click: ['new-group', 'group-submit'] },
  'group-refused': {
    state: rich,
    click: ['new-group', 'group-everyone'],
    after: ['group-submit'],
    answers: { createGroup: async () => ({ fault: refused }) },
  },
  'group-name-refused': {
    state: rich,
    click: ['new-group', 'group-member-2'],
    fill: [['group-name', 'A name']],
    after: ['group-submit'],
    answers: {
      createGroup: async () => ({ fault: { code: 'name_invalid', message: 'This name is too long.' } }),
    },
  },
  'group-change': {
    state: rich,
    click: ['group-group 1', 'details', 'details-members', 'group-member-2', 'group-member-8'],
  },
  'group-rename': { state: rich, click: ['group-group 1', 'details', 'details-rename'] },
  'group-leave': { state: rich, click: ['group-group 1', 'details', 'details-leave'] },
  'group-ended': { state: rich, click: ['group-group 2', 'details'] },
  'details-verified': { state: nicknamed, click: ['conversation-4', 'details'] },
  'details-fingerprint': { state: rich, click: ['conversation-3', 'details', 'show-fingerprint'] },
  'details-former': { state: rich, click: ['conversation-7', 'details'] },
  'details-scan': { state: rich, click: ['conversation-2', 'details', 'scan-code'] },
  settings: { state: rich, click: ['open-settings'] },
  'settings-onion': {
    state: { ...rich, relay: { origin: `http://${'relay2'.repeat(10).slice(0, 56)}.onion`, way: 'onion' } },
    click: ['open-settings'],
  },
  'settings-old-file': { state: outdated, click: ['open-settings'] },
  'settings-save': {
    state: outdated,
    click: ['open-settings', 'save-identity'],
    fill: [
      ['new-passphrase', 'seven small boats'],
      ['new-passphrase-again', 'seven boats'],
    ],
    after: ['save-identity-submit'],
  },
  'settings-saved': { state: outdated, click: ['open-settings', 'save-identity', 'save-identity-submit'] },
  'settings-panic': { state: rich, click: ['open-settings', 'panic'] },
  'roster-news': { state: changed },
  'roster-held': { state: held },
  'roster-held-thread': { state: held, click: ['conversation-2'] },
  search: { state: busy, click: ['open-search'] },
  'search-hits': { state: rich, click: ['open-search'], fill: [['search-field', 'the']] },
  'search-none': { state: silent, click: ['open-search'], fill: [['search-field', 'harbour master']] },
};
