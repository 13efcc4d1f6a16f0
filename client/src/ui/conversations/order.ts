import type { CallItem, Conversation, EventItem, Item, MessageItem } from '../../state/model.ts';
import { callWords } from '../calls/words.ts';
import { shownName } from '../format.ts';
import { strings } from '../strings.ts';

const text = strings.conversations;

function isDated(item: Item): item is MessageItem | EventItem | CallItem {
  return item.type !== 'gap';
}

/** When something last happened, milliseconds from the Unix epoch; undefined in an empty conversation. */
export function lastActivity({ items }: Conversation): number | undefined {
  return items.findLast(isDated)?.at;
}

function rank(conversation: Conversation): number {
  if (conversation.kind === 'group') return 0;
  return conversation.peer.number;
}

function isListed(it: Conversation): boolean {
  if (it.kind === 'group') return it.continuedBy === undefined;
  return !it.peer.isFormer || it.items.length > 0;
}

/** The latest first, then the empty ones: groups, and the others by number; the own notes last. Not those that another group continues, and
 * none with a former member with whom nothing was said. */
export function ordered(conversations: readonly Conversation[]): Conversation[] {
  return conversations
    .filter(isListed)
    .toSorted(
      (a, b) =>
        Number(a.kind === 'notes') - Number(b.kind === 'notes') ||
        (lastActivity(b) ?? 0) - (lastActivity(a) ?? 0) ||
        rank(a) - rank(b),
    );
}

/** What a message says, on one line. */
export function excerpt(message: MessageItem): string {
  switch (message.kind) {
    case 'deleted':
      return strings.thread.deleted;
    case 'unsupported':
      return text.unsupported;
    case 'file':
      if (message.file === undefined) return text.media.other;
      return `${text.media[message.file.media]}: ${shownName(message.file.name)}`;
    case 'text':
      return message.text?.trim().replace(/\s+/gu, ' ').slice(0, 120) ?? text.longText;
  }
}

/** What happened to a group, in a sentence. */
export function eventWords({ event, author, name = '' }: EventItem): string {
  const words = strings.events;
  const who = author.isSelf ? text.you : author.name;
  switch (event) {
    case 'named':
      return name === '' ? words.unnamed(who) : words.named(who, name);
    case 'left':
      return words.left(who);
    case 'continued':
      return words.continued(who);
  }
}

/** One line that tells what a conversation holds last. */
export function preview(conversation: Conversation): string {
  const last = conversation.items.at(-1);
  if (last === undefined) return conversation.kind === 'notes' ? text.notesEmpty : text.empty;
  if (last.type === 'gap') return last.reason === 'expired' ? strings.thread.expired : text.gap;
  if (last.type === 'event') return eventWords(last);
  if (last.type === 'call') return callWords(last);
  const words = excerpt(last);
  if (conversation.kind === 'notes') return words;
  if (last.own) return `${text.you}: ${words}`;
  return conversation.kind === 'group' ? `${last.author.name}: ${words}` : words;
}
