import { useCallback, useState } from 'react';
import type { Contact, Conversation } from '../../state/model.ts';
import { CallBanners } from '../calls/call-banners.tsx';
import { Calls } from '../calls/calls.tsx';
import { NewCallDialog } from '../calls/new-call-dialog.tsx';
import { useCallView } from '../calls/use-call-view.ts';
import { ConnectionBanner } from '../connection/connection-banner.tsx';
import { useApp } from '../context.tsx';
import { Announcer } from '../conversations/announcer.tsx';
import { Sidebar } from '../conversations/sidebar.tsx';
import { Details } from '../details/details.tsx';
import { GroupDialog } from '../groups/group-dialog.tsx';
import { Absence } from '../roster/absence.tsx';
import { RosterHeld } from '../roster/roster-held.tsx';
import { RosterNews } from '../roster/roster-news.tsx';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { EmptyThread } from '../thread/empty-thread.tsx';
import { Thread } from '../thread/thread.tsx';
import { useDrafts } from '../use-drafts.ts';
import { useMedia } from '../use-media.ts';
import { DetailsPane } from './details-pane.tsx';
import './frame.css';

/** What the details are of: a conversation by id, and perhaps one member. */
interface Shown {
  conversation?: string;
  contact?: Contact;
}

type Open = 'settings' | 'new group' | 'new call' | { group: Conversation };

/** A message to go to; the same one again is another request. */
interface Jump {
  conversation: string;
  key: string;
}

/** Conversations beside the chosen one, and details beside that; on narrow windows one of them. */
export function Frame() {
  const conversations = useApp((state) => state.conversations);
  const [chosen, setChosen] = useState<string>();
  const [jump, setJump] = useState<Jump>();
  const [shown, setShown] = useState<Shown>();
  const [open, setOpen] = useState<Open>();
  const [searching, setSearching] = useState(false);
  const { draftOf, changeDraft } = useDrafts();
  const docked = useMedia('(min-width: 75rem)');
  const view = useCallView();

  const conversation = conversations.find(({ id }) => id === chosen);
  const details = shown && (shown.contact ?? conversations.find(({ id }) => id === shown.conversation));
  const choose = useCallback((id: string | undefined) => {
    setChosen(id);
    setShown(undefined);
  }, []);
  const jumpTo = useCallback(
    (id: string, key: string) => {
      setJump({ conversation: id, key });
      choose(id);
    },
    [choose],
  );

  return (
    <>
      <div
        className="frame"
        inert={view.isFull}
        data-thread={conversation !== undefined}
        data-details={docked && details !== undefined}
      >
        <div className="frame-banners" role="status">
          <ConnectionBanner />
          <RosterHeld />
          <Absence />
          <CallBanners />
        </div>
        <Sidebar
          chosen={conversation?.id}
          onChoose={choose}
          onShow={(contact) => setShown({ contact })}
          onNewGroup={() => setOpen('new group')}
          onNewCall={() => setOpen('new call')}
          onSettings={() => setOpen('settings')}
          searching={searching}
          onSearch={setSearching}
          onJump={jumpTo}
        />
        {conversation === undefined ? (
          <EmptyThread />
        ) : (
          <Thread
            key={conversation.id}
            conversation={conversation}
            draft={draftOf(conversation.id)}
            jump={jump?.conversation === conversation.id ? jump : undefined}
            onDraft={(change) => changeDraft(conversation.id, change)}
            onBack={() => choose(undefined)}
            onOpen={choose}
            onShow={() => setShown({ conversation: conversation.id })}
          />
        )}
        {shown && details && (
          <DetailsPane docked={docked} onClose={() => setShown(undefined)}>
            <Details
              subject={details}
              onShow={(contact) => setShown({ ...shown, contact })}
              onBack={
                shown.conversation ? () => setShown({ conversation: shown.conversation ?? '' }) : undefined
              }
              onEdit={(group) => setOpen({ group })}
              onOpen={choose}
            />
          </DetailsPane>
        )}
        {open === 'settings' && <SettingsDialog onClose={() => setOpen(undefined)} />}
        {open === 'new call' && <NewCallDialog onClose={() => setOpen(undefined)} />}
        {open !== undefined && open !== 'settings' && open !== 'new call' && (
          <GroupDialog
            {...(open === 'new group' ? {} : { conversation: open.group })}
            onClose={() => setOpen(undefined)}
            onCreated={choose}
          />
        )}
        <RosterNews />
        <Announcer chosen={conversation?.id} />
      </div>
      <Calls view={view} />
    </>
  );
}
