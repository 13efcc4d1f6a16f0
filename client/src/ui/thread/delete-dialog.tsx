import type { MessageItem } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { excerpt } from '../conversations/order.ts';
import type { ConfirmChoice } from '../kit/confirm-dialog.tsx';
import { ConfirmDialog } from '../kit/confirm-dialog.tsx';
import { strings } from '../strings.ts';

const text = strings.remove;

/** Asks for whom a message is to be deleted. */
export function DeleteDialog({ message, onClose }: { message: MessageItem; onClose: () => void }) {
  const { deleteForMe, deleteForEveryone } = useActions();
  const choices: ConfirmChoice[] = [
    { label: text.forMe, testId: 'delete-for-me', act: () => deleteForMe(message.key) },
  ];
  if (message.can.deleteForEveryone)
    choices.push({
      label: text.forEveryone,
      tone: 'danger',
      testId: 'delete-for-everyone',
      act: () => deleteForEveryone(message.key),
    });
  return (
    <ConfirmDialog title={text.title} lead={text.lead} choices={choices} onClose={onClose}>
      {message.can.deleteForEveryone && <p className="dialog-lead">{text.leadEveryone}</p>}
      <blockquote className="delete-excerpt">{excerpt(message)}</blockquote>
    </ConfirmDialog>
  );
}
