import type { Contact } from '../../state/model.ts';
import { ConnectionStatus } from '../connection/connection-status.tsx';
import { Notices } from '../connection/notices.tsx';
import { Outbox } from '../connection/outbox.tsx';
import { useActions, useApp } from '../context.tsx';
import { Icon } from '../kit/icon.tsx';
import { IconButton } from '../kit/icon-button.tsx';
import { Logo } from '../kit/logo.tsx';
import { SearchPanel } from '../search/search-panel.tsx';
import { strings } from '../strings.ts';
import { ConversationList } from './conversation-list.tsx';
import './conversations.css';

const text = strings.conversations;

/** What the column beside the thread needs. */
export interface SidebarProps {
  chosen: string | undefined;
  onChoose: (id: string) => void;
  onShow: (contact: Contact) => void;
  onNewGroup: () => void;
  onNewCall: () => void;
  onSettings: () => void;
  /** Whether one is searching. */
  searching: boolean;
  onSearch: (searching: boolean) => void;
  onJump: (conversationId: string, key: string) => void;
}

function Self({ self, onShow }: { self: Contact; onShow: (contact: Contact) => void }) {
  return (
    <button
      type="button"
      className="link-button"
      aria-label={strings.own(self.label)}
      data-testid="self"
      onClick={() => onShow(self)}
    >
      {self.label}
    </button>
  );
}

/** Who one is, how the connection is, and every conversation. */
export function Sidebar(props: SidebarProps) {
  const { chosen, onChoose, onShow, onNewGroup, onNewCall, onSettings, searching, onSearch, onJump } = props;
  const self = useApp((state) => state.self);
  const canCall = useApp(({ calls }) => calls.isSupported && calls.active === undefined);
  const { lock } = useActions();
  return (
    <aside className="sidebar">
      <header className="sidebar-header">
        <Logo />
        <div className="sidebar-self">
          {self && <Self self={self} onShow={onShow} />}
          <ConnectionStatus />
        </div>
        <div className="sidebar-buttons">
          <IconButton
            icon="settings"
            label={text.settings}
            data-testid="open-settings"
            onClick={onSettings}
          />
          <IconButton
            icon="lock"
            label={strings.lock}
            tip={strings.lockHint}
            data-testid="lock"
            onClick={lock}
          />
        </div>
      </header>
      <div className="sidebar-tools">
        <button
          type="button"
          className="search-button"
          data-testid="open-search"
          onClick={() => onSearch(true)}
        >
          <Icon name="search" />
          {text.search}
        </button>
        {canCall && (
          <IconButton icon="phone" label={strings.people.new} data-testid="new-call" onClick={onNewCall} />
        )}
        <IconButton icon="new-group" label={text.newGroup} data-testid="new-group" onClick={onNewGroup} />
      </div>
      <div className="sidebar-search">
        {searching && <SearchPanel onJump={onJump} onClose={() => onSearch(false)} />}
      </div>
      <ConversationList chosen={chosen} onChoose={onChoose} />
      <footer className="sidebar-footer">
        <Notices />
        <Outbox />
      </footer>
    </aside>
  );
}
