/** States to look at: one for each screen, and for each thing that can go well or wrong on it. */
import { NO_CALLS } from '../src/state/calls/closed.ts';
import type { AppState } from '../src/state/model.ts';
import { EMPTY_DOCUMENT } from '../src/state/settings/setting-document.ts';
import { contact, NOW, talk } from './fixtures/make.ts';
import {
  choir,
  choirBefore,
  files,
  left,
  long,
  notes,
  withFormer,
  withMei,
  withTomas,
  withTrouble,
} from './fixtures/talks.ts';

export * from './fixtures/make.ts';

const { settings } = EMPTY_DOCUMENT;

const contacts = Array.from({ length: 11 }, (_, index) => contact(index + 2));
const quiet = contacts.slice(3).map(({ number }) => talk(number));

/** Open, connected, with conversations of every sort. */
export const busy: AppState = {
  identity: { phase: 'open' },
  self: contact(1),
  contacts,
  connection: { status: 'online' },
  relay: { origin: 'https://relay.example.org', way: 'tls' },
  loaded: true,
  conversations: [notes, ...quiet, withTrouble, withMei, withTomas],
  outboxCount: 0,
  notices: [],
  roster: { serial: 3, isNewerThanFile: false },
  settings,
  calls: NO_CALLS,
};

/** With groups, files, and somebody who left the circle. */
export const rich: AppState = {
  ...busy,
  contacts: contacts.filter(({ number }) => number !== 7),
  conversations: [
    notes,
    ...quiet.filter(({ id }) => id !== files.id && id !== withFormer.id),
    withMei,
    withTomas,
    choir,
    choirBefore,
    left,
    files,
    withFormer,
  ],
};

/** One conversation of two thousand messages. */
export const endless: AppState = { ...busy, conversations: [...busy.conversations, long] };

/** Nothing was ever said. */
export const silent: AppState = {
  ...busy,
  conversations: [talk(1), ...contacts.map(({ number }) => talk(number))],
};

/** No identity yet. */
export const absent: AppState = {
  identity: { phase: 'absent' },
  contacts: [],
  connection: { status: 'connecting' },
  loaded: false,
  conversations: [],
  outboxCount: 0,
  notices: [],
  roster: { serial: 0, isNewerThanFile: false },
  settings,
  calls: NO_CALLS,
};

/** Everything that can be wrong with the surroundings at once. */
export const troubled: AppState = {
  ...busy,
  connection: {
    status: 'offline',
    fault: {
      code: 'relay_unreachable',
      message: 'The relay does not answer. Check the address and your connection.',
    },
    retryAt: NOW + 12_000,
  },
  outboxCount: 2,
  storageFault: {
    code: 'storage_unavailable',
    message:
      'This browser does not let the page keep its outbox. Unsent messages are lost when the page closes.',
  },
  notices: [
    {
      key: 'a',
      from: contact(4),
      fault: {
        code: 'blob_forged',
        message: 'The blob was not made by the member its id names, or was changed on the way.',
      },
    },
    {
      key: 'b',
      fault: { code: 'blob_unrecognised', message: 'No member of the circle can have made this blob id.' },
    },
  ],
};
