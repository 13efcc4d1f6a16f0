import { useRef } from 'react';
import type { Conversation } from '../../state/model.ts';
import { CallButtons } from '../calls/call-buttons.tsx';
import { ConversationAvatar } from '../conversations/conversation-avatar.tsx';
import { subtitleOf, titleOf } from '../conversations/names.ts';
import { IconButton } from '../kit/icon-button.tsx';
import { strings } from '../strings.ts';
import { useInitialFocus } from '../use-initial-focus.ts';

const text = strings.thread;

/** What the head of a thread needs. */
export interface ThreadHeaderProps {
  conversation: Conversation;
  onBack: () => void;
  onShow: () => void;
}

/** Who the conversation is with. */
export function ThreadHeader({ conversation, onBack, onShow }: ThreadHeaderProps) {
  const title = titleOf(conversation);
  const heading = useRef<HTMLHeadingElement>(null);
  useInitialFocus(heading, 'coarse');
  return (
    <header className="thread-header">
      <div className="thread-back">
        <IconButton icon="back" label={text.back} data-testid="back" onClick={onBack} />
      </div>
      <ConversationAvatar conversation={conversation} />
      <div className="thread-title">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p>{subtitleOf(conversation)}</p>
      </div>
      <CallButtons conversation={conversation} />
      <IconButton
        icon="info"
        label={text.detailsOf(title)}
        tip={text.details}
        data-testid="details"
        onClick={onShow}
      />
    </header>
  );
}
