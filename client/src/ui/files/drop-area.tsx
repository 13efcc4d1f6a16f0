import type { DragEvent, ReactNode } from 'react';
import { useRef, useState } from 'react';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import './files.css';

/** What a place to drop files on needs. */
export interface DropAreaProps {
  disabled: boolean;
  onFiles: (files: readonly File[]) => void;
  children: ReactNode;
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer.types.includes('Files');
}

/** The thread, which takes files that are dropped anywhere on it. */
export function DropArea({ disabled, onFiles, children }: DropAreaProps) {
  const [over, setOver] = useState(false);
  // Entering a child comes before leaving its parent.
  const depth = useRef(0);
  const move = (step: number) => (event: DragEvent) => {
    if (disabled || !hasFiles(event)) return;
    depth.current += step;
    setOver(depth.current > 0);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    if (!disabled && event.dataTransfer.files.length > 0) onFiles([...event.dataTransfer.files]);
  };
  return (
    <main className="thread" onDragEnter={move(1)} onDragLeave={move(-1)} onDrop={drop}>
      {children}
      {over && (
        <div className="drop-overlay" data-testid="drop-overlay">
          <Icon name="attach" />
          {strings.files.drop}
        </div>
      )}
    </main>
  );
}
