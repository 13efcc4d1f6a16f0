import type { ReactNode } from 'react';
import { useEffect, useId, useRef } from 'react';
import { strings } from '../strings.ts';
import { Icon } from './icon.tsx';
import './parts.css';

/** A modal dialogue; the browser keeps the focus inside and gives it back at the end. */
export function Modal({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    // Not closed on the way out: closing tells `onClose`, and StrictMode goes out and in again at once.
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="modal" aria-labelledby={heading} onClose={onClose}>
      <header className="modal-header">
        <h2 id={heading}>{title}</h2>
        <button
          type="button"
          className="icon-button"
          onClick={() => dialog.current?.close()}
          aria-label={strings.details.close}
        >
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
