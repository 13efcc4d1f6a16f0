import { useEffect } from 'react';
import type { Contact, Conversation } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { ThreadHeader } from './thread-header.tsx';
import './thread.css';

/** What an open conversation needs. */
export interface ThreadProps {
  conversation: Conversation;
  draft: string;
  onDraft: (change: (draft: string) => string) => void;
  onBack: () => void;
  onShow: (contact: Contact) => void;
}

/** What is unread counts as read while its thread is open and the page is in sight. */
function useMarkRead({ id, unread }: Conversation): void {
  const { markRead } = useActions();
  useEffect(() => {
    if (unread === 0) return;
    const mark = () => {
      if (document.visibilityState === 'visible') markRead(id);
    };
    mark();
    document.addEventListener('visibilitychange', mark);
    return () => document.removeEventListener('visibilitychange', mark);
  }, [id, unread, markRead]);
}

/** One conversation: who it is with, what was said, and where to say more. */
export function Thread({ conversation, draft, onDraft, onBack, onShow }: ThreadProps) {
  useMarkRead(conversation);
  return (
    <main className="thread">
      <ThreadHeader conversation={conversation} onBack={onBack} onShow={onShow} />
      <MessageList conversation={conversation} />
      <Composer conversation={conversation} draft={draft} onDraft={onDraft} />
    </main>
  );
}
