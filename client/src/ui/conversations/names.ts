import type { Contact, Conversation } from '../../state/model.ts';
import { strings } from '../strings.ts';

const text = strings.conversations;

/** Names more than this many are counted. */
const NAMED = 3;

/** Names of all but this member; beyond three, the rest is counted. */
export function namesOf(members: readonly Contact[]): string {
  const others = members.filter(({ isSelf }) => !isSelf).map(({ name }) => name);
  if (others.length === 0) return text.alone;
  if (others.length <= NAMED) return others.join(', ');
  return text.andMore(others.slice(0, NAMED - 1).join(', '), others.length - NAMED + 1);
}

/** What a conversation is called. */
export function titleOf(conversation: Conversation): string {
  switch (conversation.kind) {
    case 'direct':
      return conversation.peer.name;
    case 'notes':
      return text.notes;
    case 'group':
      return conversation.name === '' ? namesOf(conversation.members) : conversation.name;
  }
}

/** A few words below the name: who is in it. */
export function subtitleOf(conversation: Conversation): string {
  switch (conversation.kind) {
    case 'direct':
      return conversation.peer.isFormer ? text.former : text.number(conversation.peer.number);
    case 'notes':
      return text.notesEmpty;
    case 'group':
      return conversation.name === ''
        ? text.members(conversation.members.length)
        : namesOf(conversation.members);
  }
}
