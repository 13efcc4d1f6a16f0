import { useRef } from 'react';
import type { Contact, Conversation } from '../../state/model.ts';
import { titleOf } from '../conversations/order.ts';
import { Avatar } from '../kit/avatar.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import { useInitialFocus } from '../use-initial-focus.ts';

const text = strings.thread;

/** What the head of a thread needs. */
export interface ThreadHeaderProps {
  conversation: Conversation;
  onBack: () => void;
  onShow: (contact: Contact) => void;
}

/** Who the conversation is with. */
export function ThreadHeader({ conversation, onBack, onShow }: ThreadHeaderProps) {
  const { peer } = conversation;
  const title = titleOf(conversation);
  const heading = useRef<HTMLHeadingElement>(null);
  useInitialFocus(heading, 'coarse');
  return (
    <header className="thread-header">
      <button
        type="button"
        className="icon-button thread-back"
        aria-label={text.back}
        data-testid="back"
        onClick={onBack}
      >
        <Icon name="back" />
      </button>
      <Avatar contact={peer} notes={peer.isSelf} />
      <div className="thread-title">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p>{strings.conversations.number(peer.number)}</p>
      </div>
      <button
        type="button"
        className="icon-button"
        aria-label={text.detailsOf(title)}
        title={text.details}
        data-testid="details"
        onClick={() => onShow(peer)}
      >
        <Icon name="info" />
      </button>
    </header>
  );
}
