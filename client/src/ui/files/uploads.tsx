import { useRef, useState } from 'react';
import type { Fault, UploadItem } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { bytes, shownName } from '../format.ts';
import { Button } from '../kit/button.tsx';
import { FaultNote } from '../kit/fault-note.tsx';
import { Icon } from '../kit/icon.tsx';
import { IconButton } from '../kit/icon-button.tsx';
import { ProgressBar } from '../kit/progress.tsx';
import { strings } from '../strings.ts';
import { FileInput } from './file-input.tsx';
import { MEDIA_ICONS } from './file-view.tsx';
import './files.css';

const text = strings.uploads;

function wordsOf({ phase, sent, total, fault }: UploadItem): string {
  switch (phase) {
    case 'failed':
      return fault?.message ?? strings.faultTitle;
    case 'unfinished':
    case 'preparing':
      return text[phase];
    case 'sending':
    case 'paused':
      return `${text[phase]}: ${strings.files.amount(bytes(sent), bytes(total))}`;
  }
}

/** Ways to pause, go on with and end an upload. */
function UploadButtons({
  upload,
  onFault,
}: {
  upload: UploadItem;
  onFault: (fault: Fault | undefined) => void;
}) {
  const { pauseUpload, resumeUpload, cancelUpload } = useActions();
  const input = useRef<HTMLInputElement>(null);
  const { id, phase } = upload;
  const name = shownName(upload.name);
  const running = phase === 'preparing' || phase === 'sending';
  const resume = async (file?: File) => onFault(await resumeUpload(id, file));
  return (
    <>
      {running && (
        <IconButton
          small
          icon="pause"
          label={text.pause(name)}
          tip={strings.files.pause}
          data-testid="upload-pause"
          onClick={() => pauseUpload(id)}
        />
      )}
      {(phase === 'paused' || phase === 'failed') && (
        <IconButton
          small
          icon={phase === 'failed' ? 'retry' : 'play'}
          label={text.resume(name)}
          tip={strings.files.resume}
          data-testid="upload-resume"
          onClick={() => resume()}
        />
      )}
      {phase === 'unfinished' && (
        <>
          <Button small data-testid="upload-resume" onClick={() => input.current?.click()}>
            {strings.files.again}
          </Button>
          <FileInput input={input} testId="upload-file" onFiles={([file]) => resume(file)} />
        </>
      )}
      <IconButton
        small
        icon="close"
        label={text.cancel(name)}
        tip={strings.files.cancel}
        data-testid="upload-cancel"
        onClick={() => cancelUpload(id)}
      />
    </>
  );
}

function Upload({ upload }: { upload: UploadItem }) {
  const [fault, setFault] = useState<Fault>();
  const name = shownName(upload.name);
  return (
    <li className="upload" data-testid="upload" data-phase={upload.phase}>
      <div className="upload-row">
        <Icon name={upload.phase === 'failed' ? 'warning' : MEDIA_ICONS[upload.media]} />
        <p className="file-about">
          <bdi className="file-name">{name}</bdi>
          <span className="upload-words">{wordsOf(upload)}</span>
        </p>
        <UploadButtons upload={upload} onFault={setFault} />
      </div>
      {upload.phase !== 'unfinished' && <ProgressBar label={name} done={upload.sent} total={upload.total} />}
      {fault && <FaultNote fault={fault} />}
    </li>
  );
}

/** Files of this conversation on their way out. */
export function Uploads({ uploads }: { uploads: readonly UploadItem[] }) {
  if (uploads.length === 0) return null;
  return (
    <ul className="uploads" aria-label={text.title}>
      {uploads.map((upload) => (
        <Upload key={upload.id} upload={upload} />
      ))}
    </ul>
  );
}
