import { useEffect, useMemo, useState } from 'react';
import type { Conversation } from '../../state/model.ts';
import { Composer } from '../composer/composer.tsx';
import { Frozen } from '../composer/frozen.tsx';
import { useActions } from '../context.tsx';
import { DropArea } from '../files/drop-area.tsx';
import { Uploads } from '../files/uploads.tsx';
import { lastingAnchor } from '../kit/menu.tsx';
import type { ChangeDraft, Draft } from '../use-drafts.ts';
import { chosenFiles } from '../use-drafts.ts';
import { MessageList } from './message-list.tsx';
import type { ThreadContextValue } from './thread-context.tsx';
import { ThreadProvider } from './thread-context.tsx';
import { ThreadHeader } from './thread-header.tsx';
import type { OpenPopup } from './thread-popups.tsx';
import { ThreadPopups } from './thread-popups.tsx';
import './thread.css';

/** What an open conversation needs. */
export interface ThreadProps {
  conversation: Conversation;
  draft: Draft;
  /** A message to go to; another object is another request. */
  jump: { key: string } | undefined;
  onDraft: ChangeDraft;
  onBack: () => void;
  /** Opens another conversation. */
  onOpen: (id: string) => void;
  /** Shows details of this one. */
  onShow: () => void;
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
export function Thread({ conversation, draft, jump, onDraft, onBack, onOpen, onShow }: ThreadProps) {
  useMarkRead(conversation);
  const [popup, setPopup] = useState<OpenPopup>();
  // What was asked for last counts, from outside or from inside.
  const [target, setTarget] = useState(jump);
  useEffect(() => setTarget((now) => jump ?? now), [jump]);
  // `onDraft` is another function each time, and does the same each time.
  // biome-ignore lint/correctness/useExhaustiveDependencies: messages must not be rendered for it.
  const context = useMemo<ThreadContextValue>(
    () => ({
      open: (kind, message, anchor) => setPopup({ kind, message, anchor: lastingAnchor(anchor) }),
      reply: ({ key }) => onDraft((now) => ({ ...now, reply: key, edit: undefined })),
      edit: ({ key, text = '' }) => onDraft((now) => ({ ...now, edit: { key, text } })),
      jump: (key) => setTarget({ key }),
    }),
    [conversation.id],
  );
  const addFiles = (files: readonly File[]) =>
    onDraft((now) => ({ ...now, edit: undefined, files: [...now.files, ...chosenFiles(files)] }));

  return (
    <ThreadProvider value={context}>
      <DropArea disabled={!conversation.canWrite} onFiles={addFiles}>
        <ThreadHeader conversation={conversation} onBack={onBack} onShow={onShow} />
        <MessageList conversation={conversation} jump={target} onOpen={onOpen} />
        <Uploads uploads={conversation.uploads} />
        {conversation.canWrite ? (
          <Composer conversation={conversation} draft={draft} onDraft={onDraft} onFiles={addFiles} />
        ) : (
          <Frozen conversation={conversation} onOpen={onOpen} />
        )}
      </DropArea>
      <ThreadPopups popup={popup} onChange={setPopup} />
    </ThreadProvider>
  );
}
