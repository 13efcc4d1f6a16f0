/** Tells later pages how a call went, in the conversations where it was made (SPEC.md §21.3). */
import { fromHex } from '@relay/protocol';
import type { Book, Entry } from '../book.ts';
import type { Poster } from '../sending/poster.ts';
import type { Call } from './call.ts';

/** What hangups need of the world. */
export interface HangupParts {
  book: Book;
  poster: Pick<Poster, 'post'>;
  now(): number;
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

/** Conversations in which this page has to tell of a call that is over for it. */
function conversationsOf(call: Call, book: Book): Entry[] {
  const entries = call.invitation.conversations.flatMap((id) => book.entries.get(id) ?? []);
  const isLast = call.othersIn.length === 0;
  const isTold = ({ history }: Entry) => history.isHungUp(call.id);
  return entries.filter((entry) =>
    entry.kind === 'direct' ? call.followedSince === undefined : isLast && !isTold(entry),
  );
}

/**
 * Tells how a call went, where this page has a part in telling: of a call that it made, was in, or declined.
 * @param self key hash of this member
 */
export async function hangUp(call: Call, self: string, parts: HangupParts): Promise<void> {
  const { book, poster, now, inTurn } = parts;
  const startedAt = call.startedAt ?? call.followedSince;
  const wasIn = startedAt !== undefined;
  const declined = call.isDeclined ? [self] : [];
  if (!wasIn && !call.isBegunHere && declined.length === 0) return;
  const body = {
    room: fromHex(call.id),
    seconds: startedAt === undefined ? 0 : Math.max(0, Math.round((now() - startedAt) / 1_000)),
    joined: wasIn ? [...new Set([...call.joined, self])].map(fromHex) : [],
    declined: [...new Set([...call.declined, ...declined])].map(fromHex),
  };
  for (const entry of conversationsOf(call, book)) {
    if (book.recipientsOf(entry).length === 0) continue;
    await inTurn(() => poster.post(entry, { kind: 'hangup', body }));
  }
}
