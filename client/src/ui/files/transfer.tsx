import type { FileItem, FileProgress } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { shownName } from '../format.ts';
import { IconButton } from '../kit/icon-button.tsx';
import { ProgressRing } from '../kit/progress.tsx';
import { strings } from '../strings.ts';

const text = strings.files;

/** What a download needs. */
export interface TransferProps {
  messageKey: string;
  file: FileItem;
  progress: Extract<FileProgress, { received: number }>;
  reachable: boolean;
}

/** How far a download got, with ways to pause, go on with and end it. */
export function Transfer({ messageKey, file, progress, reachable }: TransferProps) {
  const { pauseDownload, resumeDownload, cancelDownload } = useActions();
  const paused = progress.phase === 'paused';
  const tabIndex = reachable ? 0 : -1;
  return (
    <>
      <ProgressRing label={text.loading(shownName(file.name))} done={progress.received} total={file.size} />
      <span className="file-controls">
        <IconButton
          small
          icon={paused ? 'play' : 'pause'}
          label={paused ? text.resume : text.pause}
          tabIndex={tabIndex}
          data-testid={paused ? 'file-resume' : 'file-pause'}
          onClick={() => (paused ? resumeDownload : pauseDownload)(messageKey)}
        />
        <IconButton
          small
          icon="close"
          label={text.cancel}
          tabIndex={tabIndex}
          data-testid="file-cancel"
          onClick={() => cancelDownload(messageKey)}
        />
      </span>
    </>
  );
}
