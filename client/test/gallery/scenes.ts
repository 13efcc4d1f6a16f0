import type { AppState, Fault } from '../../src/state/model.ts';
import { absent, busy, silent, troubled } from '../fixtures.ts';

/** A state to picture, and what to do on the page first. */
export interface Scene {
  state: AppState;
  /** `data-testid` of elements to click, in order. */
  click?: string[];
  /** Text to write into the composer. */
  draft?: string;
  /** Send the draft, and be refused with this. */
  refusal?: Fault;
}

const passphraseFault: Fault = {
  code: 'identity_passphrase',
  message: 'The passphrase does not open this identity file. Try again.',
};

/** Every screen and every state of it. */
export const scenes: Record<string, Scene> = {
  identity: { state: absent },
  'identity-fault': {
    state: {
      ...absent,
      identity: {
        phase: 'absent',
        fault: {
          code: 'identity_truncated',
          message: 'The identity file is cut short. Copy it again from its source.',
        },
      },
    },
  },
  passphrase: { state: { ...absent, identity: { phase: 'passphrase' } } },
  'passphrase-fault': { state: { ...absent, identity: { phase: 'passphrase', fault: passphraseFault } } },
  opening: { state: { ...absent, identity: { phase: 'opening' } } },
  main: { state: busy },
  loading: { state: { ...silent, loaded: false, connection: { status: 'connecting' } } },
  thread: { state: busy, click: ['conversation-2'] },
  'thread-draft': {
    state: { ...busy, outboxCount: 1 },
    click: ['conversation-3'],
    draft: 'I am here now.\nGive me five minutes,\nthen I will call.',
  },
  'thread-refused-text': {
    state: busy,
    click: ['conversation-3'],
    draft: 'A very long text, as far as this picture is concerned.',
    refusal: { code: 'text_too_long', message: 'The text is longer than 1 MiB. Send it as a file.' },
  },
  'thread-trouble': { state: busy, click: ['conversation-4'] },
  'thread-empty': { state: silent, click: ['conversation-5'] },
  notes: { state: busy, click: ['conversation-1'] },
  'notes-empty': { state: silent, click: ['conversation-1'] },
  details: { state: busy, click: ['conversation-2', 'details'] },
  'details-self': { state: busy, click: ['self'] },
  offline: { state: troubled },
  'offline-thread': { state: troubled, click: ['conversation-2'] },
  refused: {
    state: {
      ...busy,
      connection: {
        status: 'refused',
        fault: {
          code: 'relay_insecure',
          message:
            'The relay address is plain HTTP and not on this machine: others could see and alter what you exchange with it. Use https.',
        },
      },
    },
  },
};
