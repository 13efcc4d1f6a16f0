/** Finds messages by words, in what is on the page: nothing is asked of the relay, and no index is kept. */
import type { Contact, Conversation, MessageItem } from '../model.ts';
import { fold, locate } from './fold.ts';

/** Most hits of a search. */
export const MAX_SEARCH_HITS = 200;
/** Characters shown before and after what was found. */
const BEFORE = 40;
const AFTER = 120;

/** A message in which every word of the query occurs. */
export interface SearchHit {
  conversationId: string;
  /** Key of the message. */
  key: string;
  at: number;
  author: Contact;
  /** What stands around the first word that was found, in one line; `…` where it goes on. */
  before: string;
  /** As it stands in the text. */
  match: string;
  after: string;
}

/**
 * Searches texts and names of files, whatever the case and the diacritics.
 * @param query words, of which each must occur, in any order
 * @returns the newest first; none for a query without words
 */
export function searchConversations(conversations: readonly Conversation[], query: string): SearchHit[] {
  const words = fold(query).split(/\s+/u).filter(Boolean);
  if (words.length === 0) return [];
  const found = conversations.flatMap(({ id, items }) =>
    items.flatMap((item) => {
      const text = item.type === 'message' ? wordsOf(item) : undefined;
      if (item.type !== 'message' || text === undefined) return [];
      const folded = fold(text);
      return words.every((word) => folded.includes(word)) ? [{ conversationId: id, item, text }] : [];
    }),
  );
  return found
    .toSorted((a, b) => b.item.at - a.item.at || (a.item.key < b.item.key ? -1 : 1))
    .slice(0, MAX_SEARCH_HITS)
    .map(({ conversationId, item: { key, at, author }, text }) => {
      return { conversationId, key, at, author, ...around(text, locate(text, words)) };
    });
}

function wordsOf({ text, file }: MessageItem): string | undefined {
  return text ?? file?.name;
}

function around(text: string, { start, end }: { start: number; end: number }) {
  const before = Array.from(text.slice(Math.max(0, start - 2 * BEFORE), start))
    .slice(-BEFORE)
    .join('');
  const after = Array.from(text.slice(end, end + 2 * AFTER))
    .slice(0, AFTER)
    .join('');
  const line = (part: string) => part.replace(/\s+/gu, ' ');
  return {
    before: (before.length < start ? '…' : '') + line(before),
    match: line(text.slice(start, end)),
    after: line(after) + (end + after.length < text.length ? '…' : ''),
  };
}
