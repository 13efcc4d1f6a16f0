/** States to look at: one for each screen, and for each thing that can go well or wrong on it. */
import type { Actions, AppState, Contact, Conversation, GapItem, MessageItem } from '../src/state/model.ts';

/** The clock of every fixture: a Saturday afternoon in the local time zone. */
export const NOW = new Date(2026, 2, 14, 15, 30).getTime();

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Actions that do nothing, to be replaced by what a test watches. */
export const idle: Actions = {
  openIdentity: async () => {},
  lock: async () => {},
  sendText: async () => undefined,
  retry: async () => {},
  discard: async () => {},
  reconnect: () => {},
  markRead: () => {},
  dismissNotice: () => {},
};

const LABELS = [
  'Ines Aydın',
  'Tomás Okafor',
  'Mei',
  'Jonas Brandt-Lindqvist of the Northern Harbour',
  'Member 05',
];

/** A member; number 1 is the one whose client it is. */
export function contact(number: number): Contact {
  const digits = Array.from({ length: 8 }, (_, place) => (number * 7919 + place * 4099).toString(16));
  return {
    id: `${number}`.padStart(64, '0'),
    number,
    label: LABELS[number - 1] ?? `Member ${`${number}`.padStart(2, '0')}`,
    fingerprint: digits.map((group) => group.padStart(4, '0').slice(-4)).join(' '),
    isSelf: number === 1,
  };
}

let made = 0;

/** A text of a member, so many minutes before {@link NOW}. */
export function message(number: number, minutesAgo: number, change: Partial<MessageItem> = {}): MessageItem {
  const own = number === 1;
  made += 1;
  return {
    type: 'message',
    key: `message ${made}`,
    author: contact(number),
    own,
    at: NOW - minutesAgo * MINUTE,
    kind: 'text',
    kindName: 'text',
    equivocates: false,
    ...(own ? { delivery: 'sent' as const } : {}),
    ...change,
  };
}

/** A gap. */
export function gap(reason: GapItem['reason'], count = 1): GapItem {
  made += 1;
  return { type: 'gap', key: `gap ${made}`, reason, count };
}

/** A message whose text is not here (yet). */
function textless(number: number, minutesAgo: number, change: Partial<MessageItem> = {}): MessageItem {
  const { text: _, ...rest } = message(number, minutesAgo, change);
  return rest;
}

function talk(number: number, items: Conversation['items'] = [], unread = 0): Conversation {
  return { id: `conversation ${number}`, peer: contact(number), items, unread };
}

const DAY_MINUTES = DAY / MINUTE;

const withTomas = talk(2, [
  gap('expired', 3),
  message(2, DAY_MINUTES + 130, { text: 'Did the new relay come up?' }),
  message(1, DAY_MINUTES + 126, { text: 'It did. One command, as promised 🙂' }),
  message(1, DAY_MINUTES + 125, { text: 'I compared fingerprints with Mei this morning, yours is next.' }),
  message(2, 190, {
    text: 'Good. I am at the harbour until six:\n\n  – pier 4, the blue door\n  – ring twice\n\nBring the papers.',
  }),
  message(2, 189, { text: '👍🏽' }),
  gap('missing'),
  gap('elsewhere'),
  message(1, 32, {
    text: 'I will. Here is where we met last time, in case you forget: https://map.example/harbour/pier-4?from=station&with=a-rather-long-tail-that-has-to-break-somewhere',
  }),
  message(2, 4, { text: 'Haha, thank you. Until six, then.' }),
]);

const withMei = talk(
  3,
  [
    message(3, 5 * DAY_MINUTES, { text: 'The choir meets on Thursday instead.' }),
    message(3, 50, { text: 'Are you there?' }),
    message(3, 49, { text: 'Call me when you can' }),
  ],
  2,
);

const withTrouble = talk(
  4,
  [
    message(4, 80, { kind: 'unsupported', kindName: 'poll.vote' }),
    message(4, 78, { text: 'We said noon.', equivocates: true }),
    textless(4, 70),
    textless(4, 69, {
      fault: { code: 'file_mismatch', message: 'The file does not have the announced content.' },
    }),
    message(1, 9, { text: 'On my way', delivery: 'waiting' }),
    message(1, 8.5, {
      text: 'Five minutes',
      delivery: 'waiting',
      deliveryFault: {
        code: 'mailbox_full',
        message: 'The recipient’s mailbox is full. It empties as messages expire or are deleted.',
      },
    }),
    message(1, 8, {
      text: 'Can you let me in?',
      delivery: 'failed',
      deliveryFault: {
        code: 'mailbox_full',
        message: 'The recipient’s mailbox is full. It empties as messages expire or are deleted.',
      },
    }),
  ],
  120,
);

const notes = talk(1, [message(1, 3 * DAY_MINUTES, { text: 'Passport number is in the blue folder' })]);

const contacts = Array.from({ length: 11 }, (_, index) => contact(index + 2));
const quiet = contacts.slice(3).map(({ number }) => talk(number));

/** Open, connected, with conversations of every sort. */
export const busy: AppState = {
  identity: { phase: 'open' },
  self: contact(1),
  contacts,
  connection: { status: 'online' },
  loaded: true,
  conversations: [notes, ...quiet, withTrouble, withMei, withTomas],
  outboxCount: 0,
  notices: [],
};

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
