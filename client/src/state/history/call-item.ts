/** Makes the item of a call from its invitation, and what was told of how it went. */
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { CallItem } from '../model.ts';
import type { Meaning } from './meaning.ts';
import type { Hangup } from './projection.ts';
import type { Scene } from './scene.ts';

/** The item of a call (SPEC.md §21.3). */
export function callItem(
  { self, context, projection }: Scene,
  { hash, author, at }: OpenedRecord,
  { camera }: Extract<Meaning, { is: 'call' }>,
): CallItem {
  const { id, isOngoing, isOver } = context.callOf(hash);
  const hangup = id === undefined ? undefined : projection.hangupOf(id);
  const own = author === self;
  return {
    type: 'call',
    key: hash,
    at,
    author: context.contactOf(author),
    own,
    callId: id ?? '',
    camera,
    outcome: isOngoing ? 'ongoing' : outcomeOf(own, self, isOver, hangup),
    ...(hangup === undefined || hangup.seconds === 0 ? {} : { seconds: hangup.seconds }),
  };
}

function outcomeOf(
  own: boolean,
  self: string,
  isOver: boolean,
  hangup: Hangup | undefined,
): CallItem['outcome'] {
  if (hangup === undefined) return isOver && !own ? 'missed' : 'unknown';
  const { joined, declined } = hangup;
  if (own) {
    if ([...joined].some((member) => member !== self)) return 'answered';
    return declined.size > 0 ? 'declined' : 'unanswered';
  }
  if (joined.has(self)) return 'answered';
  return declined.has(self) ? 'declined' : 'missed';
}
