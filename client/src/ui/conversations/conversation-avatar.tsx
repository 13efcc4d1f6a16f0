import type { Conversation } from '../../state/model.ts';
import type { AvatarSize } from '../kit/avatar.tsx';
import { Avatar, GroupAvatar } from '../kit/avatar.tsx';

/** The picture of a conversation. */
export function ConversationAvatar({
  conversation,
  size,
}: {
  conversation: Conversation;
  size?: AvatarSize;
}) {
  const given = size === undefined ? {} : { size };
  if (conversation.kind === 'group') return <GroupAvatar members={conversation.members} {...given} />;
  return <Avatar contact={conversation.peer} notes={conversation.kind === 'notes'} {...given} />;
}
