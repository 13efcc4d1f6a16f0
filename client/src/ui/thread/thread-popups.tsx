import type { MessageItem } from '../../state/model.ts';
import type { Anchor } from '../kit/menu.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { messageElement } from './message-focus.ts';
import { MessageInfo } from './message-info.tsx';
import { MessageMenu } from './message-menu.tsx';
import { ReactionPicker } from './reaction-picker.tsx';
import type { PopupKind } from './thread-context.tsx';

/** What is open beside a message. */
export interface OpenPopup {
  kind: PopupKind;
  message: MessageItem;
  anchor: Anchor;
}

/** What is open beside one of a thread's messages: one thing at a time. */
export function ThreadPopups({
  popup,
  onChange,
}: {
  popup: OpenPopup | undefined;
  onChange: (change: (popup: OpenPopup | undefined) => OpenPopup | undefined) => void;
}) {
  if (popup === undefined) return null;
  const { kind, message, anchor } = popup;
  // A menu closes after it has opened what comes next: only what is still open is closed.
  const close = () => onChange((now) => (now?.kind === kind ? undefined : now));
  const returnTo = () => messageElement(message.key);
  switch (kind) {
    case 'menu':
      return (
        <MessageMenu
          message={message}
          anchor={anchor}
          onClose={close}
          returnTo={returnTo}
          onNext={(next) => onChange(() => ({ kind: next, message, anchor }))}
        />
      );
    case 'react':
      return <ReactionPicker message={message} anchor={anchor} onClose={close} returnTo={returnTo} />;
    case 'info':
      return <MessageInfo message={message} anchor={anchor} onClose={close} returnTo={returnTo} />;
    case 'delete':
      return <DeleteDialog message={message} onClose={close} />;
  }
}
