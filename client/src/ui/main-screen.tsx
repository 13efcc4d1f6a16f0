import { useState } from 'react';
import type { Contact } from '../state/model.ts';
import { ConnectionBanner } from './connection/connection-banner.tsx';
import { useApp } from './context.tsx';
import { Announcer } from './conversations/announcer.tsx';
import { Sidebar } from './conversations/sidebar.tsx';
import { ContactDetails } from './details/contact-details.tsx';
import { EmptyThread } from './thread/empty-thread.tsx';
import { Thread } from './thread/thread.tsx';
import './main-screen.css';

/** Conversations beside the chosen one; on narrow windows the one or the other. Drafts live here, and only in memory. */
export function MainScreen() {
  const conversations = useApp((state) => state.conversations);
  const [chosen, setChosen] = useState<string>();
  const [drafts, setDrafts] = useState<Record<string, string>>({});
  const [shown, setShown] = useState<Contact>();
  const conversation = conversations.find(({ id }) => id === chosen);

  return (
    <div className="main-screen" data-thread={conversation !== undefined}>
      <ConnectionBanner />
      <Sidebar chosen={conversation?.id} onChoose={setChosen} onShow={setShown} />
      {conversation === undefined ? (
        <EmptyThread />
      ) : (
        <Thread
          key={conversation.id}
          conversation={conversation}
          draft={drafts[conversation.id] ?? ''}
          onDraft={(change) =>
            setDrafts((all) => ({ ...all, [conversation.id]: change(all[conversation.id] ?? '') }))
          }
          onBack={() => setChosen(undefined)}
          onShow={setShown}
        />
      )}
      {shown && <ContactDetails contact={shown} onClose={() => setShown(undefined)} />}
      <Announcer chosen={conversation?.id} />
    </div>
  );
}
