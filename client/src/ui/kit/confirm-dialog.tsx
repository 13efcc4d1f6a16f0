import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { Fault } from '../../state/model.ts';
import { strings } from '../strings.ts';
import { Button } from './button.tsx';
import { FaultNote } from './fault-note.tsx';
import './overlays.css';

/** One way to answer. */
export interface ConfirmChoice {
  label: string;
  tone?: 'plain' | 'primary' | 'danger';
  testId?: string;
  /** @returns a fault to show instead of closing */
  act: () => Promise<Fault | undefined> | Promise<void> | void;
}

/** What a question needs. It is open as long as it is rendered. */
export interface ConfirmDialogProps {
  title: string;
  /** What will happen, in plain words. */
  lead: ReactNode;
  /** Besides "Cancel", the main one last. */
  choices: ConfirmChoice[];
  /** After a choice that went well, and after "Cancel". */
  onClose: () => void;
  children?: ReactNode;
}

/** Asks before something that matters. Only a choice ends it: not a press beside it. */
export function ConfirmDialog({ title, lead, choices, onClose, children }: ConfirmDialogProps) {
  const [busy, setBusy] = useState<string>();
  const [fault, setFault] = useState<Fault>();
  const choose = async ({ label, act }: ConfirmChoice) => {
    setBusy(label);
    const refused = (await act()) ?? undefined;
    setBusy(undefined);
    setFault(refused);
    if (refused === undefined) onClose();
  };
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && busy === undefined && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" forceRender />
        <AlertDialog.Viewport className="dialog-viewport">
          <AlertDialog.Popup className="dialog" data-testid="confirm">
            <header className="dialog-header">
              <AlertDialog.Title className="dialog-title">{title}</AlertDialog.Title>
            </header>
            <div className="dialog-body">
              <AlertDialog.Description className="dialog-lead">{lead}</AlertDialog.Description>
              {children}
              {fault && <FaultNote fault={fault} />}
            </div>
            <footer className="dialog-footer">
              <AlertDialog.Close
                render={<Button disabled={busy !== undefined}>{strings.kit.cancel}</Button>}
              />
              {choices.map((choice) => (
                <Button
                  key={choice.label}
                  tone={choice.tone ?? 'plain'}
                  busy={busy === choice.label}
                  disabled={busy !== undefined}
                  data-testid={choice.testId}
                  onClick={() => choose(choice)}
                >
                  {choice.label}
                </Button>
              ))}
            </footer>
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
