/** Whom calls are made with. */
import type { Book, Entry } from '../book.ts';
import type { CallTarget } from '../model.ts';

/** Conversations in which a call is made. */
export function entriesOf(book: Book, target: CallTarget): Entry[] {
  const entries =
    'conversationId' in target
      ? [book.entries.get(target.conversationId)]
      : target.members.map((member) => book.directWith(member));
  return entries.filter((entry): entry is Entry => entry !== undefined && entry.kind !== 'notes');
}

/** Everyone else whom such a call is with, by key hash. */
export function peopleOf(book: Book, target: CallTarget): string[] {
  return [...new Set(entriesOf(book, target).flatMap((entry) => book.recipientsOf(entry)))];
}
