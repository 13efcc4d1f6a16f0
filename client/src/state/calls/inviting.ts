/** Lets others know of a call: those it is begun with, and those who are added to it. */
import { MAX_INVITATION_HOURS, makeCallSecret } from '@relay/protocol';
import type { Entry } from '../book.ts';
import { asFault } from '../fault.ts';
import type { CallTarget, Fault } from '../model.ts';
import type { Call } from './call.ts';
import type { Invitation } from './invitation.ts';
import { bodyOf } from './invitation.ts';
import type { CallsParts } from './parts.ts';
import { entriesOf, peopleOf } from './targets.ts';

/** How long an invitation can be used unless a call takes longer. Milliseconds. */
const VALID_MS = Math.min(4, MAX_INVITATION_HOURS) * 3_600_000;

/**
 * A new call with whomever a target names.
 * @param camera cameras are meant to be on
 * @returns undefined where there is nobody but this member
 */
export function newInvitation(
  target: CallTarget,
  camera: boolean,
  { book, now }: Pick<CallsParts, 'book' | 'now'>,
): Invitation | undefined {
  const others = peopleOf(book, target);
  if (others.length === 0) return undefined;
  const conversations = entriesOf(book, target).map(({ history }) => history.id);
  const members = [book.self, ...others].toSorted();
  const until = now() + VALID_MS;
  return { secret: makeCallSecret(), members, camera, until, from: book.self, conversations };
}

/** Sends an invitation into each of these conversations. @throws whatever posting throws */
export async function sendInvitation(
  invitation: Invitation,
  entries: readonly Entry[],
  { poster, inTurn }: Pick<CallsParts, 'poster' | 'inTurn'>,
): Promise<void> {
  for (const entry of entries)
    await inTurn(() => poster.post(entry, { kind: 'call', body: bodyOf(invitation) }));
}

/**
 * Lets others take part in a call, by an invitation to each with the longer list; everyone in the call sees who did. It rings at those alone who were
 * not on the list before.
 * @param ids key hashes
 * @returns why not all of them were invited
 */
export async function inviteInto(
  call: Call,
  ids: readonly string[],
  parts: Pick<CallsParts, 'book' | 'poster' | 'inTurn' | 'after'>,
): Promise<Fault | undefined> {
  const { members } = call;
  const added = ids.filter((member) => !members.includes(member));
  call.room.add(added);
  call.ring(added, parts.after);
  const invitation = { ...call.invitation, members: [...members, ...added].toSorted() };
  const entries = added.flatMap((member) => parts.book.directWith(member) ?? []);
  try {
    await sendInvitation(invitation, entries, parts);
    return undefined;
  } catch (error) {
    return asFault(error);
  }
}
