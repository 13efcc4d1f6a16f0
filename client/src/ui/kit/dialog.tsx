import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode, RefObject } from 'react';
import { strings } from '../strings.ts';
import { IconButton } from './icon-button.tsx';
import './overlays.css';

/** What a dialogue needs. It is open as long as it is rendered. */
export interface DialogProps {
  title: string;
  /** One or two sentences below the title; read out with it. */
  lead?: ReactNode;
  /** Asked for with the button, Escape, or a press beside it. */
  onClose: () => void;
  children?: ReactNode;
  /** Buttons, the main one last. */
  footer?: ReactNode;
  /** `wide` for lists and pictures. */
  size?: 'usual' | 'wide';
  /** What is focused first, where it is not the first control. */
  initialFocus?: RefObject<HTMLElement | null>;
  /** Not ended by a press beside it, where that would lose something. */
  firm?: boolean;
  testId?: string;
}

/** A modal dialogue; a sheet from the lower edge on a phone. Keeps the focus inside, and gives it back at the end. */
export function Dialog(props: DialogProps) {
  const { title, lead, onClose, children, footer, size, initialFocus, firm = false, testId } = props;
  return (
    <Base.Root open disablePointerDismissal={firm} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="backdrop" forceRender />
        <Base.Viewport className="dialog-viewport">
          <Base.Popup
            className="dialog"
            data-size={size}
            data-testid={testId}
            {...(initialFocus === undefined ? {} : { initialFocus })}
          >
            <header className="dialog-header">
              <Base.Title className="dialog-title">{title}</Base.Title>
              <Base.Close render={<IconButton icon="close" label={strings.kit.close} />} />
            </header>
            <div className="dialog-body">
              {lead && <Base.Description className="dialog-lead">{lead}</Base.Description>}
              {children}
            </div>
            {footer && <footer className="dialog-footer">{footer}</footer>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
