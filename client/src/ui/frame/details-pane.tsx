import type { KeyboardEvent, ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { Dialog } from '../kit/dialog.tsx';
import { IconButton } from '../kit/icon-button.tsx';
import { strings } from '../strings.ts';

/** What the place for details needs. */
export interface DetailsPaneProps {
  /** Beside the thread; else above it, as a dialogue or sheet. */
  docked: boolean;
  onClose: () => void;
  children: ReactNode;
}

function Docked({ onClose, children }: Omit<DetailsPaneProps, 'docked'>) {
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    pane.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const keyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.stopPropagation();
    onClose();
  };
  return (
    <aside
      ref={pane}
      className="pane"
      tabIndex={-1}
      aria-label={strings.details.title}
      data-testid="details-pane"
      onKeyDown={keyDown}
    >
      <header className="pane-header">
        <h2>{strings.details.title}</h2>
        <IconButton icon="close" label={strings.kit.close} onClick={onClose} />
      </header>
      <div className="pane-body">{children}</div>
    </aside>
  );
}

/** Where details stand: a third pane where there is room, else a dialogue. Takes the focus, and gives it back at the end. */
export function DetailsPane({ docked, onClose, children }: DetailsPaneProps) {
  if (docked) return <Docked onClose={onClose}>{children}</Docked>;
  return (
    <Dialog title={strings.details.title} onClose={onClose} testId="details-pane">
      {children}
    </Dialog>
  );
}
