import { Dialog } from '../kit/dialog.tsx';
import { strings } from '../strings.ts';

/** Settings of this member. */
export function SettingsDialog({ onClose }: { onClose: () => void }) {
  return <Dialog title={strings.conversations.settings} onClose={onClose} />;
}
