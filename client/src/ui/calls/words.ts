import type { CallItem, Contact, Conversation, KnownCall, Participant } from '../../state/model.ts';
import { namesOf, titleOf } from '../conversations/names.ts';
import { strings } from '../strings.ts';

/**
 * How long something lasts, as clocks show it: `0:07`, `12:40`, `1:02:03`.
 * @param milliseconds less than nothing counts as nothing
 */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (number: number) => `${number}`.padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** What a call is called: its conversation, else the people in it. */
export function callTitle(
  conversations: readonly Conversation[],
  conversationId: string | undefined,
  people: readonly Contact[],
): string {
  const conversation = conversations.find(({ id }) => id === conversationId);
  // One that began with people picked one by one is at home in several direct conversations.
  const isWhole = conversation?.kind !== 'direct' || people.filter(({ isSelf }) => !isSelf).length <= 1;
  return conversation !== undefined && isWhole ? titleOf(conversation) : namesOf(people);
}

/** What a call that goes on is called in a banner. */
export function bannerTitle(conversations: readonly Conversation[], call: KnownCall): string {
  const conversation = conversations.find(({ id }) => id === call.conversationId);
  const title = callTitle(conversations, call.conversationId, call.members);
  return conversation?.kind === 'group' ? strings.banner.ongoing(title) : strings.banner.with(title);
}

/** What happened to a call, for its line and for the list of conversations. */
export function callWords({ camera, outcome }: CallItem): string {
  const text = strings.callItem;
  return text[outcome](camera ? text.video : text.voice);
}

/** What is said of somebody in a call below the name; nothing while all is well. */
export function presenceWords({ presence }: Participant): string | undefined {
  return presence === 'connected' ? undefined : strings.presence[presence];
}

/** What to call a participant. */
export function nameOf({ contact, isSelf }: Participant): string {
  return isSelf ? strings.call.you : contact.name;
}
