/** Draws calls as the UI shows them. */
import { qualityOf } from '../../media/quality.ts';
import type { Book } from '../book.ts';
import type {
  ActiveCall,
  CallPresence,
  CallsState,
  Contact,
  KnownCall,
  Lobby,
  Participant,
} from '../model.ts';
import type { Active, Call } from './call.ts';
import type { Calls } from './calls.ts';
import { isCameraAllowed } from './room/mesh.ts';
import type { PageView } from './room/room.ts';
import type { Voices } from './voices.ts';
import { isLoud } from './voices.ts';

/** What drawing calls needs besides the calls themselves. */
export interface CallsDrawing {
  book: Book;
  calls: Calls;
  voices: Voices;
  lobby: Lobby | undefined;
  now: number;
  /** By key hash: 0 to 1. */
  volumes: ReadonlyMap<string, number>;
}

const BROKEN: readonly PageView['connection'][] = ['disconnected', 'failed', 'closed'];

const byNumber = (a: Contact, b: Contact) => a.number - b.number;

/** Everything about calls as it is now. */
export function callsState(drawing: CallsDrawing): CallsState {
  const { calls, lobby } = drawing;
  const { active } = calls;
  return {
    isSupported: true,
    lobby,
    active: active && activeCall(drawing, active),
    known: calls.known
      .filter((call) => active?.ending !== undefined || call !== active?.call)
      .filter((call) => call.othersIn.length + call.elsewhere.length > 0)
      .map((call) => knownCall(drawing, call)),
    speaking: active?.ending === undefined ? speaking(drawing) : [],
    own: calls.own.state,
  };
}

function knownCall({ book }: CallsDrawing, call: Call): KnownCall {
  const { invitation, snapshot } = call;
  const contacts = (ids: readonly string[]) => ids.map((id) => book.contactOf(id)).sort(byNumber);
  return {
    id: call.id,
    conversationId: invitation.conversations[0] ?? '',
    from: book.contactOf(invitation.from),
    members: contacts(snapshot.members.map(({ member }) => member)),
    inCall: contacts(call.othersIn),
    camera: invitation.camera,
    phase: call.rings ? 'ringing' : 'ongoing',
    isElsewhere: call.elsewhere.length > 0,
    wasIn: snapshot.was !== undefined,
  };
}

function activeCall(drawing: CallsDrawing, { call, ending, fault }: Active): ActiveCall {
  const { snapshot, startedAt, isDirect } = call;
  const people = call.othersIn.length + 1;
  return {
    id: call.id,
    conversationId: call.invitation.conversations[0] ?? '',
    phase: phaseOf(call, ending),
    ...(ending === undefined ? {} : { ending }),
    ...(fault === undefined ? {} : { fault }),
    ...(startedAt === undefined ? {} : { startedAt }),
    participants: [
      ownPart(drawing),
      ...snapshot.members.flatMap(({ member }) => othersPart(drawing, call, member)),
    ],
    isCameraAllowed: isCameraAllowed(people),
    isDirect,
    refused: [...call.refused],
    needsClick: false,
  };
}

function speaking({ book, calls, voices }: CallsDrawing): string[] {
  const { active, own } = calls;
  const heard = (active?.call.snapshot.pages ?? []).filter(
    ({ at, muted, streams }) => at === 'in' && !muted && voices.isSpeaking(streams.voice),
  );
  const self = active !== undefined && isLoud(own.state.level) ? [book.self] : [];
  return [...self, ...new Set(heard.map(({ member }) => member))];
}

function phaseOf({ snapshot, othersIn, startedAt }: Call, ending: Active['ending']): ActiveCall['phase'] {
  if (ending !== undefined) return 'ended';
  if (startedAt === undefined && othersIn.length === 0) return snapshot.isSeated ? 'ringing' : 'joining';
  if (!snapshot.isSeated) return 'reconnecting';
  return 'ongoing';
}

function ownPart({ book, calls }: CallsDrawing): Participant {
  const { own } = calls;
  const { camera, screen, muted, deafened } = own.state;
  return {
    contact: book.contactOf(book.self),
    isSelf: true,
    presence: 'connected',
    muted,
    deafened,
    hasCamera: camera !== undefined,
    hasScreen: screen !== undefined,
    ...(camera === undefined ? {} : { camera }),
    ...(screen === undefined ? {} : { screen }),
    quality: 'unknown',
    volume: 1,
  };
}

function othersPart(drawing: CallsDrawing, call: Call, member: string): Participant[] {
  const { book, volumes } = drawing;
  if (member === book.self) return [];
  const pages = call.snapshot.pages.filter((page) => page.member === member);
  const page = pages.find(({ at }) => at === 'in') ?? pages[0];
  const listed = call.snapshot.members.find((one) => one.member === member);
  const presence = presenceOf(page, listed);
  const isIn = page?.at === 'in';
  const { voice, camera, screen, screenSound } = isIn ? page.streams : {};
  const hasCamera = isIn && page.camera;
  const hasScreen = isIn && page.screen;
  return [
    {
      contact: book.contactOf(member),
      isSelf: false,
      presence,
      muted: isIn && page.muted,
      deafened: isIn && page.deafened,
      hasCamera,
      hasScreen,
      ...(voice === undefined ? {} : { voice }),
      ...(hasCamera && camera !== undefined ? { camera } : {}),
      ...(hasScreen && screen !== undefined ? { screen } : {}),
      ...(hasScreen && screenSound !== undefined ? { screenSound } : {}),
      quality: qualityOf(page?.report),
      volume: volumes.get(member) ?? 1,
      ...(page?.fault === undefined ? {} : { fault: page.fault }),
      ...(listed?.addedBy === undefined ? {} : { addedBy: book.contactOf(listed.addedBy) }),
    },
  ];
}

function presenceOf(
  page: PageView | undefined,
  listed: { wasIn: boolean; hasDeclined: boolean } | undefined,
): CallPresence {
  if (page?.at === 'in') {
    if (page.connection === 'connected') return 'connected';
    return BROKEN.includes(page.connection) ? 'reconnecting' : 'connecting';
  }
  if (page?.at === 'busy') return 'busy';
  if (listed?.hasDeclined) return 'declined';
  if (listed?.wasIn) return 'left';
  return page?.at === 'watching' ? 'ringing' : 'invited';
}
