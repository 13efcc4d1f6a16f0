import type { Participant } from '../../src/state/model.ts';
import {
  activeCall,
  calling,
  FAULTS,
  knownCall,
  lobby,
  media,
  participant,
  withCalls,
} from '../fixtures/calls.ts';
import { screenShared, voice } from '../fixtures/pictures.ts';
import { contact } from '../fixtures.ts';
import type { Scene } from './scenes.ts';

const self = participant(1, { hasCamera: true });
const filmed = media({ cameraOn: true });
const choir: Participant[] = [
  self,
  participant(2, { hasCamera: true }),
  participant(3, { hasCamera: true, muted: true }),
  participant(4, { quality: 'poor' }),
  participant(5, { hasCamera: true, quality: 'fair', addedBy: contact(3) }),
];
const speaking = (...numbers: number[]) => numbers.map((number) => contact(number).id);
const inGroup = { conversationId: 'group 1' };
const crowd = Array.from({ length: 12 }, (_, index) => participant(index + 1, { muted: index % 3 === 1 }));

/** Calls: before, during and after. */
export const callScenes: Record<string, Scene> = {
  'call-thread': { state: withCalls, click: ['conversation-2'] },
  'call-item-refused': {
    state: withCalls,
    click: ['conversation-2', 'call-item-join'],
    answers: { prepareJoin: async () => FAULTS.over },
  },
  'call-refused': {
    state: calling({}),
    click: ['conversation-3', 'call-video'],
    answers: { prepareCall: async () => FAULTS.unreachable },
  },
  'call-new': { state: calling({}), click: ['new-call', 'call-person-2', 'call-person-4'] },
  lobby: { state: calling({ lobby: lobby(), own: filmed }) },
  'lobby-voice': {
    state: calling({
      lobby: lobby({ kind: 'join', reach: { phase: 'trying' } }),
      own: media({ muted: true }),
    }),
  },
  'lobby-refused': {
    state: calling({
      lobby: lobby({ reach: { phase: 'failed', fault: FAULTS.unreachable } }),
      own: media({ cameraOn: true, cameraFault: FAULTS.taken, microphoneFault: FAULTS.denied, level: 0 }),
    }),
  },
  'ringing-one': { state: calling({ known: [knownCall(2)] }), click: ['conversation-3'] },
  'ringing-refused': {
    state: calling({ known: [knownCall(2)] }),
    answers: { answerCall: async () => FAULTS.unreachable },
  },
  'ringing-more': {
    state: calling({
      known: [
        knownCall(3, { camera: true }),
        knownCall(4, {
          conversationId: 'group 1',
          members: [1, 2, 3, 4, 5].map((number) => contact(number)),
        }),
      ],
    }),
  },
  'call-banners': {
    state: calling({
      known: [
        knownCall(3, {
          conversationId: 'group 1',
          phase: 'ongoing',
          inCall: [contact(3), contact(2)],
          camera: true,
        }),
        knownCall(2, { phase: 'ongoing', isElsewhere: true }),
        knownCall(4, { phase: 'ongoing', wasIn: true }),
      ],
    }),
  },
  'call-ringing': {
    state: calling({
      active: activeCall([self, participant(2, { presence: 'ringing' })], { phase: 'ringing' }),
      own: filmed,
    }),
  },
  'call-two': {
    state: calling({ active: activeCall([self, participant(2, { hasCamera: true })]), own: filmed }),
  },
  'call-voices': {
    state: calling({
      active: activeCall([participant(1, { muted: true }), participant(3)]),
      speaking: speaking(3),
      own: media({ muted: true }),
    }),
  },
  'call-group': {
    state: calling({
      active: activeCall(
        [
          ...choir,
          participant(6, { presence: 'connecting' }),
          participant(8, { presence: 'ringing' }),
          participant(9, { presence: 'declined' }),
          participant(10, { presence: 'busy' }),
        ],
        inGroup,
      ),
      own: filmed,
    }),
  },
  'call-speaker': {
    state: calling({ active: activeCall(choir, inGroup), speaking: speaking(2), own: filmed }),
    click: ['call-layout'],
  },
  'call-screen-shared': {
    state: calling({
      active: activeCall(
        [self, participant(2, { hasScreen: true, hasCamera: true, ...screenShared }), ...choir.slice(2)],
        inGroup,
      ),
      own: filmed,
    }),
  },
  'call-crowd': {
    state: calling({
      active: activeCall(crowd, { ...inGroup, isCameraAllowed: false }),
      speaking: speaking(5),
    }),
  },
  'call-crowd-filmed': {
    state: calling({
      active: activeCall(crowd, { ...inGroup, isCameraAllowed: false }),
      own: filmed,
    }),
  },
  'call-tile-more': {
    state: calling({
      active: activeCall([self, participant(5, { hasCamera: true, addedBy: contact(3), volume: 0.6 })]),
      own: filmed,
    }),
    click: ['tile-more'],
  },
  'call-devices-open': {
    state: calling({ active: activeCall([self, participant(2)]), own: filmed }),
    click: ['call-devices'],
  },
  'call-add-people': {
    state: calling({ active: activeCall(choir, inGroup), speaking: speaking(2), own: filmed }),
    click: ['call-add', 'call-person-6'],
  },
  'call-troubled': {
    state: calling({
      active: activeCall(
        [
          participant(1, { muted: true, deafened: true }),
          participant(2, { hasCamera: true, presence: 'reconnecting' }),
          participant(3, { presence: 'connecting', fault: FAULTS.refused }),
        ],
        { isDirect: true, needsClick: true },
      ),
      own: media({ deafened: true, muted: true, cameraOn: true, cameraFault: FAULTS.taken }),
    }),
  },
  'call-push-to-talk': {
    state: calling(
      { active: activeCall([participant(1), participant(2)]), speaking: speaking(2), own: media() },
      { pushToTalk: true },
    ),
  },
  'call-small-thread': {
    state: calling({ active: activeCall(choir, inGroup), speaking: speaking(2), own: filmed }),
    click: ['call-shrink', 'conversation-3'],
  },
  'call-small-list': {
    state: calling({ active: activeCall([self, participant(3)]), own: filmed }),
    click: ['call-shrink'],
  },
  'call-unanswered': {
    state: calling({
      active: activeCall([participant(1), participant(2, { presence: 'invited' })], {
        phase: 'ended',
        ending: 'unanswered',
      }),
    }),
  },
  'call-failed': {
    state: calling({
      active: activeCall(choir, {
        ...inGroup,
        phase: 'ended',
        ending: 'failed',
        fault: FAULTS.unreachable,
      }),
    }),
  },
  'call-voices-heard': {
    state: calling({ active: activeCall([self, participant(2, { ...voice(), volume: 0.25 })]) }),
  },
  'call-voices-deaf': {
    state: calling({
      active: activeCall([self, participant(2, voice())]),
      own: media({ deafened: true, muted: true }),
    }),
  },
  'settings-calls': { state: calling({}, { directCalls: true, pushToTalk: true }), click: ['open-settings'] },
};
