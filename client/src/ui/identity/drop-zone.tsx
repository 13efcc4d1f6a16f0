import type { DragEvent } from 'react';
import { useState } from 'react';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import { FileButton } from './file-button.tsx';

/** Takes a file by drag and drop or by picker. */
export function DropZone({ onFiles }: { onFiles: (files: FileList | null) => Promise<void> }) {
  const [over, setOver] = useState(false);
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    await onFiles(event.dataTransfer.files);
  };
  return (
    <section
      className="drop-zone"
      aria-label={strings.identity.drop}
      data-over={over}
      onDragOver={() => setOver(true)}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="file" />
      <p className="drop-zone-title">{strings.identity.drop}</p>
      <p className="drop-zone-or">{strings.identity.or}</p>
      <FileButton label={strings.identity.choose} className="button button-primary" onFiles={onFiles} />
      <p className="drop-zone-hint">{strings.identity.dropHint}</p>
    </section>
  );
}
