import { useRef } from 'react';
import type { MessageItem } from '../../state/model.ts';
import { useSaveFile } from '../files/use-save-file.ts';
import { MenuItem, MenuSeparator, OpenMenu } from '../kit/menu.tsx';
import { useToast } from '../kit/toasts.tsx';
import { strings } from '../strings.ts';
import { composerElement } from './message-focus.ts';
import type { MessagePopupProps, PopupKind } from './thread-context.tsx';
import { useThread } from './thread-context.tsx';

const text = strings.actions;

/** What the menu of a message needs. */
export interface MessageMenuProps extends MessagePopupProps {
  /** Goes on to something else beside the message. */
  onNext: (kind: PopupKind) => void;
}

/** Everything that can be done with a message. */
export function MessageMenu({ message, anchor, onClose, returnTo, onNext }: MessageMenuProps) {
  const { reply, edit } = useThread();
  const { can } = message;
  const writing = useRef(false);
  const write = (begin: (message: MessageItem) => void) => () => {
    writing.current = true;
    begin(message);
  };
  return (
    <OpenMenu
      anchor={anchor}
      onClose={onClose}
      returnTo={() => (writing.current ? composerElement() : returnTo())}
    >
      {can.reply && (
        <MenuItem icon="reply" label={text.reply} testId="action-reply" onSelect={write(reply)} />
      )}
      {can.react && (
        <MenuItem icon="smile" label={text.react} testId="action-react" onSelect={() => onNext('react')} />
      )}
      {can.edit && <MenuItem icon="edit" label={text.edit} testId="action-edit" onSelect={write(edit)} />}
      <CopyItem message={message} />
      <SaveItem message={message} />
      <MenuItem icon="info" label={text.info} testId="action-info" onSelect={() => onNext('info')} />
      <MenuSeparator />
      <MenuItem
        icon="trash"
        tone="danger"
        label={text.delete}
        testId="action-delete"
        onSelect={() => onNext('delete')}
      />
    </OpenMenu>
  );
}

function CopyItem({ message }: { message: MessageItem }) {
  const say = useToast();
  const words = message.kind === 'text' ? message.text : undefined;
  if (words === undefined) return null;
  const copy = async () => {
    const copied = await navigator.clipboard.writeText(words).then(
      () => true,
      () => false,
    );
    say(copied ? text.copied : text.notCopied);
  };
  return <MenuItem icon="copy" label={text.copy} testId="action-copy" onSelect={copy} />;
}

function SaveItem({ message: { key, kind, file } }: { message: MessageItem }) {
  const save = useSaveFile();
  if (kind !== 'file' || file === undefined) return null;
  return (
    <MenuItem icon="download" label={text.save} testId="action-save" onSelect={() => save(key, file.name)} />
  );
}
