import type { Actions, AppState, Fault } from '../../src/state/model.ts';
import { absent, busy, endless, rich, silent, troubled } from '../fixtures.ts';
import { callScenes } from './call-scenes.ts';
import { circleScenes } from './circle-scenes.ts';

/** A state to picture, and what to do on the page first. */
export interface Scene {
  state: AppState;
  /** `data-testid` of elements to click, in order. */
  click?: string[];
  /** Texts to write into fields, each named by its `data-testid`, after that. */
  fill?: [id: string, text: string][];
  /** What actions do instead of nothing. */
  answers?: Partial<Actions>;
  /** Text of a message to open the menu of, after that. */
  on?: string;
  /** `data-testid` of elements to click then. */
  after?: string[];
  /** Files to choose. */
  attach?: { name: string; mimeType: string; base64: string }[];
  /** Text to write into the composer. */
  draft?: string;
  /** Send the draft, and be refused with this. */
  refusal?: Fault;
}

/** One pixel, as PNG. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkmPGfAQADggGAaRyPqQAAAABJRU5ErkJggg==';

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
  loading: {
    state: {
      ...silent,
      loaded: false,
      loading: { read: 340, total: 1200 },
      connection: { status: 'connecting' },
    },
  },
  'main-rich': { state: rich },
  'thread-group': { state: rich, click: ['group-group 1'] },
  'thread-menu': { state: rich, click: ['group-group 1'], on: 'I do. It fits' },
  'thread-react': { state: rich, click: ['group-group 1'], on: 'I do. It fits', after: ['action-react'] },
  'thread-info': { state: rich, click: ['group-group 1'], on: 'I do. It fits', after: ['action-info'] },
  'thread-delete': { state: rich, click: ['group-group 1'], on: 'I do. It fits', after: ['action-delete'] },
  'thread-reply': { state: rich, click: ['group-group 1'], on: 'I can help', after: ['action-reply'] },
  'thread-edit': { state: rich, click: ['group-group 1'], on: 'I do. It fits', after: ['action-edit'] },
  'thread-continued': { state: rich, click: ['group-group 1', 'earlier'] },
  'thread-left': { state: rich, click: ['group-group 2'] },
  'thread-former': { state: rich, click: ['conversation-7'] },
  'thread-files': { state: rich, click: ['conversation-6'] },
  'thread-lightbox': { state: rich, click: ['conversation-6', 'picture'] },
  'thread-attach': {
    state: rich,
    click: ['conversation-2'],
    attach: [
      { name: 'harbour.png', mimeType: 'image/png', base64: PIXEL },
      { name: 'boat.heic', mimeType: 'image/heic', base64: PIXEL },
      { name: 'a film of the harbour, from the pier.mp4', mimeType: 'video/mp4', base64: PIXEL },
    ],
  },
  'thread-unread': { state: rich, click: ['conversation-3'] },
  'thread-long': { state: endless, click: ['group-group 3'] },
  'group-details': { state: rich, click: ['group-group 1', 'details'] },
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
  ...circleScenes,
  ...callScenes,
};
