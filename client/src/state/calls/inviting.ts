import { asFault } from '../fault.ts';
import type { Fault } from '../model.ts';
import type { Call } from './call.ts';
import { bodyOf } from './invitation.ts';
import type { CallsParts } from './parts.ts';

/**
 * Lets others take part in a call, by an invitation to each with the longer list; everyone in the call sees who did.
 * @param ids key hashes
 * @returns why not all of them were invited
 */
export async function inviteInto(
  call: Call,
  ids: readonly string[],
  { book, poster, inTurn, after }: Pick<CallsParts, 'book' | 'poster' | 'inTurn' | 'after'>,
): Promise<Fault | undefined> {
  const { room, invitation, snapshot } = call;
  const present = new Set(snapshot.members.map(({ member }) => member));
  const added = ids.filter((member) => !present.has(member));
  room.add(added);
  call.ring(after);
  const body = bodyOf({ ...invitation, members: [...present, ...added].toSorted() });
  try {
    for (const entry of added.flatMap((member) => book.directWith(member) ?? []))
      await inTurn(() => poster.post(entry, { kind: 'call', body }));
    return undefined;
  } catch (error) {
    return asFault(error);
  }
}
