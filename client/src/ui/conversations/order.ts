import type { Conversation, GapItem, MessageItem } from '../../state/model.ts';
import { strings } from '../strings.ts';

const text = strings.conversations;

function lastMessage({ items }: Conversation): MessageItem | undefined {
  return items.findLast((item) => item.type === 'message');
}

/** When something was last written, milliseconds from the Unix epoch; undefined in an empty conversation. */
export function lastActivity(conversation: Conversation): number | undefined {
  return lastMessage(conversation)?.at;
}

/** The latest first, then the empty ones by number; the own notes last. */
export function ordered(conversations: readonly Conversation[]): Conversation[] {
  return conversations.toSorted(
    (a, b) =>
      Number(a.peer.isSelf) - Number(b.peer.isSelf) ||
      (lastActivity(b) ?? 0) - (lastActivity(a) ?? 0) ||
      a.peer.number - b.peer.number,
  );
}

function ofMessage(message: MessageItem): string {
  if (message.kind === 'unsupported') return text.unsupported;
  return message.text?.trim().replace(/\s+/gu, ' ').slice(0, 120) ?? text.longText;
}

/** One line that tells what a conversation holds last. */
export function preview(conversation: Conversation): string {
  const last: MessageItem | GapItem | undefined = conversation.items.at(-1);
  if (last === undefined) return conversation.peer.isSelf ? text.notesEmpty : text.empty;
  if (last.type === 'gap') return last.reason === 'expired' ? strings.thread.expired : text.gap;
  const words = ofMessage(last);
  return last.own && !conversation.peer.isSelf ? `${text.you}: ${words}` : words;
}

/** What a conversation is called. */
export function titleOf({ peer }: Conversation): string {
  return peer.isSelf ? text.notes : peer.label;
}
