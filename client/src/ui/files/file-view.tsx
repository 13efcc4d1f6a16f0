import type { FileItem, Media } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { bytes, shownName } from '../format.ts';
import { Button } from '../kit/button.tsx';
import type { IconName } from '../kit/icon.tsx';
import { Icon } from '../kit/icon.tsx';
import { IconButton } from '../kit/icon-button.tsx';
import { strings } from '../strings.ts';
import { Picture } from './picture.tsx';
import { Transfer } from './transfer.tsx';
import { useSaveFile } from './use-save-file.ts';
import './files.css';

const text = strings.files;

/** A picture for each sort of file. */
export const MEDIA_ICONS: Record<Media, IconName> = {
  image: 'image',
  audio: 'audio',
  video: 'video',
  other: 'file',
};

/** What the file of a message needs. */
export interface FileViewProps {
  messageKey: string;
  file: FileItem;
  /** Its message has the focus: its controls are in the order of Tab. */
  reachable: boolean;
}

function Shown({ file, url }: { file: FileItem; url: string }) {
  switch (file.media) {
    case 'image':
      return <Picture name={shownName(file.name)} url={url} />;
    case 'audio':
      // biome-ignore lint/a11y/useMediaCaption: nobody has written captions for it.
      return <audio className="file-audio" controls src={url} aria-label={shownName(file.name)} />;
    case 'video':
      return (
        // biome-ignore lint/a11y/useMediaCaption: nobody has written captions for it.
        <video className="file-video" controls playsInline src={url} aria-label={shownName(file.name)} />
      );
    case 'other':
      return null;
  }
}

/** What can be done about a file that is not on its way. */
function FileButtons({ messageKey, file, reachable }: FileViewProps) {
  const { openFile } = useActions();
  const save = useSaveFile();
  const { phase } = file.progress;
  const tabIndex = reachable ? 0 : -1;
  const again = phase === 'failed';
  const words = file.media === 'image' ? text.load : text.play;
  return (
    <>
      {file.media !== 'other' && phase !== 'ready' && (
        <Button
          small
          icon={again ? 'retry' : 'download'}
          tabIndex={tabIndex}
          data-testid="file-load"
          onClick={() => openFile(messageKey)}
        >
          {again ? text.retry : words(bytes(file.size))}
        </Button>
      )}
      <IconButton
        small
        icon={again && file.media === 'other' ? 'retry' : 'save'}
        label={text.saveNamed(shownName(file.name))}
        tip={text.save}
        tabIndex={tabIndex}
        data-testid="file-save"
        onClick={() => save(messageKey, file.name)}
      />
    </>
  );
}

/** The file of a message: shown where it can be, and always to be saved. Its type is never believed for that: the state found out what it is. */
export function FileView({ messageKey, file, reachable }: FileViewProps) {
  const { progress } = file;
  const onItsWay = progress.phase === 'loading' || progress.phase === 'paused';
  const url = progress.phase === 'ready' ? progress.url : undefined;
  return (
    <div className="file" data-testid="file" data-media={file.media} data-phase={progress.phase}>
      {url && <Shown file={file} url={url} />}
      <div className="file-row">
        {onItsWay ? (
          <Transfer messageKey={messageKey} file={file} progress={progress} reachable={reachable} />
        ) : (
          <span className="file-icon">
            <Icon name={MEDIA_ICONS[file.media]} />
          </span>
        )}
        <p className="file-about">
          <bdi className="file-name">{shownName(file.name)}</bdi>
          <span className="file-size">
            {onItsWay ? text.amount(bytes(progress.received), bytes(file.size)) : bytes(file.size)}
            {progress.phase === 'saved' && ` · ${text.saved}`}
          </span>
        </p>
        {!onItsWay && <FileButtons messageKey={messageKey} file={file} reachable={reachable} />}
      </div>
      {progress.phase === 'ready' && url === undefined && <p className="file-note">{text.unshown}</p>}
      {progress.phase === 'failed' && (
        <p className="file-fault" role="alert">
          {progress.fault.message}
        </p>
      )}
    </div>
  );
}
