import { memo } from 'react';
import type { CallsState, Conversation } from '../../state/model.ts';
import { useApp } from '../context.tsx';
import { shortWhen } from '../format.ts';
import { Badge } from '../kit/badge.tsx';
import { Icon } from '../kit/icon.tsx';
import { Skeleton } from '../kit/skeleton.tsx';
import { strings } from '../strings.ts';
import { ConversationAvatar } from './conversation-avatar.tsx';
import { titleOf } from './names.ts';
import { lastActivity, preview } from './order.ts';

/** What a row of the list needs. */
export interface ConversationRowProps {
  conversation: Conversation;
  chosen: boolean;
  /** Before, nothing is said of what it holds. */
  loaded: boolean;
  now: number;
  onChoose: (id: string) => void;
}

function testIdOf(conversation: Conversation): string {
  return conversation.kind === 'group'
    ? `group-${conversation.id}`
    : `conversation-${conversation.peer.number}`;
}

function Failed() {
  return (
    <span className="conversation-failed">
      <Icon name="warning" />
      <span className="visually-hidden">{strings.delivery.failed}</span>
    </span>
  );
}

/** A call that rings or goes on in a conversation, with this member or without. */
function hasCall({ active, known }: CallsState, conversationId: string): boolean {
  const isIn = active !== undefined && active.phase !== 'ended' && active.conversationId === conversationId;
  return isIn || known.some((call) => call.conversationId === conversationId);
}

function OnCall() {
  return (
    <span className="conversation-call" data-testid="conversation-call">
      <Icon name="phone" />
      <span className="visually-hidden">{strings.call.goesOn}</span>
    </span>
  );
}

function Unread({ count }: { count: number }) {
  return (
    <Badge>
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span className="visually-hidden">{strings.conversations.unread(count)}</span>
    </Badge>
  );
}

/** One conversation in the list. */
export const ConversationRow = memo(function ConversationRow({
  conversation,
  chosen,
  loaded,
  now,
  onChoose,
}: ConversationRowProps) {
  const { id, unread, items, uploads } = conversation;
  const at = lastActivity(conversation);
  const onCall = useApp(({ calls }) => hasCall(calls, id));
  const failed =
    items.some((item) => item.type === 'message' && item.delivery === 'failed') ||
    uploads.some(({ phase }) => phase === 'failed');
  return (
    <li>
      <button
        type="button"
        className="conversation"
        aria-current={chosen ? 'true' : undefined}
        data-testid={testIdOf(conversation)}
        data-id={id}
        data-unread={unread}
        onClick={() => onChoose(id)}
      >
        <ConversationAvatar conversation={conversation} />
        <span className="conversation-name">{titleOf(conversation)}</span>
        {at !== undefined && (
          <time className="conversation-when" dateTime={new Date(at).toISOString()}>
            {shortWhen(at, now)}
          </time>
        )}
        <span className="conversation-last">
          <span className="conversation-preview">
            {loaded || at !== undefined ? preview(conversation) : <Skeleton width="60%" />}
          </span>
          {onCall && <OnCall />}
          {failed && <Failed />}
          {unread > 0 && <Unread count={unread} />}
        </span>
      </button>
    </li>
  );
});
