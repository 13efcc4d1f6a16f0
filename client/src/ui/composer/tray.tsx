import { useEffect, useState } from 'react';
import { bytes, shownName } from '../format.ts';
import { Icon } from '../kit/icon.tsx';
import { IconButton } from '../kit/icon-button.tsx';
import { Note } from '../kit/note.tsx';
import { strings } from '../strings.ts';
import type { ChosenFile } from '../use-drafts.ts';
import { keptMetadata, thumbnailAllowed } from './file-kinds.ts';

const text = strings.tray;

function Thumbnail({ file }: { file: File }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!thumbnailAllowed(file)) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return <span className="tray-thumbnail">{url ? <img src={url} alt="" /> : <Icon name="file" />}</span>;
}

/** Files that were chosen and not sent yet, and what is to be known before they are. */
export function Tray({ files, onRemove }: { files: readonly ChosenFile[]; onRemove: (key: string) => void }) {
  if (files.length === 0) return null;
  const kept = new Set(files.map(({ file }) => keptMetadata(file)));
  return (
    <div className="tray" data-testid="file-tray">
      <ul className="tray-files" aria-label={text.title}>
        {files.map(({ key, file }) => (
          <li key={key} className="tray-file">
            <Thumbnail file={file} />
            <p className="file-about">
              <bdi className="file-name">{shownName(file.name)}</bdi>
              <span className="file-size">{bytes(file.size)}</span>
            </p>
            <IconButton
              small
              icon="close"
              label={text.remove(shownName(file.name))}
              onClick={() => onRemove(key)}
            />
          </li>
        ))}
      </ul>
      {(['video', 'picture'] as const).map(
        (kind) =>
          kept.has(kind) && (
            <Note key={kind} tone="warn" icon="warning" testId={`kept-${kind}`}>
              <p>{text[kind]}</p>
            </Note>
          ),
      )}
    </div>
  );
}
