import type { Conversation } from '../../state/model.ts';
import { Dialog } from '../kit/dialog.tsx';
import { strings } from '../strings.ts';

/** What the dialogue for a group needs. */
export interface GroupDialogProps {
  /** The group to change; without one, a new group is made. */
  conversation?: Conversation;
  onClose: () => void;
  onCreated: (id: string) => void;
}

/** Makes or changes a group. */
export function GroupDialog({ onClose }: GroupDialogProps) {
  return <Dialog title={strings.conversations.newGroup} onClose={onClose} />;
}
