import type { Contact } from '../../state/model.ts';
import { ConnectionStatus } from '../connection/connection-status.tsx';
import { Notices } from '../connection/notices.tsx';
import { Outbox } from '../connection/outbox.tsx';
import { useActions, useApp } from '../context.tsx';
import { Icon } from '../kit/icon.tsx';
import { Logo } from '../kit/logo.tsx';
import { strings } from '../strings.ts';
import { ConversationList } from './conversation-list.tsx';
import './conversations.css';

/** What the column beside the thread needs. */
export interface SidebarProps {
  chosen: string | undefined;
  onChoose: (id: string) => void;
  onShow: (contact: Contact) => void;
}

/** Who one is, how the connection is, and every conversation. */
export function Sidebar({ chosen, onChoose, onShow }: SidebarProps) {
  const self = useApp((state) => state.self);
  const { lock } = useActions();
  return (
    <aside className="sidebar">
      <header className="sidebar-header">
        <Logo />
        <div className="sidebar-self">
          {self && (
            <button
              type="button"
              className="link-button"
              aria-label={strings.own(self.label)}
              data-testid="self"
              onClick={() => onShow(self)}
            >
              {self.label}
            </button>
          )}
          <ConnectionStatus />
        </div>
        <button type="button" className="button" title={strings.lockHint} data-testid="lock" onClick={lock}>
          <Icon name="lock" />
          {strings.lock}
        </button>
      </header>
      <ConversationList chosen={chosen} onChoose={onChoose} />
      <footer className="sidebar-footer">
        <Notices />
        <Outbox />
      </footer>
    </aside>
  );
}
