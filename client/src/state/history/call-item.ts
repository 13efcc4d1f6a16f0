/** How a call is shown in its conversation (SPEC.md §21.3). */
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { CallItem } from '../model.ts';
import type { Meaning } from './meaning.ts';
import type { CallMark } from './projection.ts';
import type { Scene } from './scene.ts';

type Call = Extract<Meaning, { is: 'call' }>;
type Outcome = CallItem['outcome'];

/** What all hangups of a call say together. Members in hexadecimal. */
interface Told {
  isHeard: boolean;
  seconds: number;
  joined: ReadonlySet<string>;
  declined: ReadonlySet<string>;
}

/**
 * Makes the item of an invitation.
 * @returns undefined where there is none: it repeats an earlier one, is not for this member, was deleted, or its room has no name yet
 */
export function callItem(scene: Scene, record: OpenedRecord, call: Call): CallItem | undefined {
  const { context, projection, self } = scene;
  const mark = projection.callOf(call.secret);
  if (mark?.first !== record.hash || projection.isDeleted(record)) return undefined;
  if (!mark.members.has(self) || !call.members.includes(record.author)) return undefined;
  const standing = context.callOf(call.secret, call.until);
  if (standing === undefined) return undefined;
  const told = toldOf(scene, standing.id, mark);
  return {
    type: 'call',
    key: record.hash,
    at: record.at,
    author: context.contactOf(record.author),
    own: record.author === self,
    callId: standing.id,
    camera: call.camera,
    outcome: outcomeOf(self, record.author, mark, standing.phase, told),
    ...(told.seconds > 0 ? { seconds: told.seconds } : {}),
  };
}

function toldOf({ projection }: Scene, room: string, { members }: CallMark): Told {
  // Only who may take part can tell how it went.
  const hangups = projection.hangupsOf(room).filter(({ author }) => members.has(author));
  return {
    isHeard: hangups.length > 0,
    seconds: Math.max(0, ...hangups.map(({ seconds }) => seconds)),
    joined: new Set(hangups.flatMap(({ joined }) => joined)),
    declined: new Set(hangups.flatMap(({ declined }) => declined)),
  };
}

function outcomeOf(
  self: string,
  caller: string,
  { members }: CallMark,
  phase: 'ongoing' | 'over' | 'unknown',
  told: Told,
): Outcome {
  if (phase === 'ongoing') return 'ongoing';
  const others = [...members].filter((member) => member !== self);
  if (self === caller) {
    if (others.some((member) => told.joined.has(member))) return 'answered';
    if (others.length === 1 && others.every((member) => told.declined.has(member))) return 'declined';
  } else {
    if (told.joined.has(self)) return 'answered';
    if (told.declined.has(self)) return 'declined';
  }
  if (phase === 'unknown' && !told.isHeard) return 'unknown';
  return self === caller ? 'unanswered' : 'missed';
}
