import type { Conversation } from '../../state/model.ts';
import { shortWhen } from '../format.ts';
import { Avatar } from '../kit/avatar.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import { lastActivity, preview, titleOf } from './order.ts';

/** What a row of the list needs. */
export interface ConversationRowProps {
  conversation: Conversation;
  chosen: boolean;
  /** Before, nothing is said of what it holds. */
  loaded: boolean;
  now: number;
  onChoose: (id: string) => void;
}

/** One conversation in the list. */
export function ConversationRow({ conversation, chosen, loaded, now, onChoose }: ConversationRowProps) {
  const { id, peer, unread, items } = conversation;
  const at = lastActivity(conversation);
  const failed = items.some((item) => item.type === 'message' && item.delivery === 'failed');
  return (
    <li>
      <button
        type="button"
        className="conversation"
        aria-current={chosen ? 'true' : undefined}
        data-testid={`conversation-${peer.number}`}
        data-id={id}
        data-unread={unread}
        onClick={() => onChoose(id)}
      >
        <Avatar contact={peer} notes={peer.isSelf} />
        <span className="conversation-name">{titleOf(conversation)}</span>
        {at !== undefined && (
          <time className="conversation-when" dateTime={new Date(at).toISOString()}>
            {shortWhen(at, now)}
          </time>
        )}
        <span className="conversation-last">
          <span className="conversation-preview">{loaded ? preview(conversation) : ''}</span>
          {failed && (
            <span className="conversation-failed">
              <Icon name="warning" />
              <span className="visually-hidden">{strings.delivery.failed}</span>
            </span>
          )}
          {unread > 0 && (
            <span className="unread">
              <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
              <span className="visually-hidden">{strings.conversations.unread(unread)}</span>
            </span>
          )}
        </span>
      </button>
    </li>
  );
}
