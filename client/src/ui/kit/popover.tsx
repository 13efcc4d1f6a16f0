import { Popover as Base } from '@base-ui/react/popover';
import type { ReactNode } from 'react';
import type { Anchor, ReturnTo } from './menu.tsx';
import './overlays.css';

/** What a popover needs. It is open as long as it is rendered. */
export interface OpenPopoverProps {
  anchor: Anchor;
  title?: string;
  testId?: string;
  /** Asked for with Escape or a press beside it. */
  onClose: () => void;
  returnTo: ReturnTo;
  children: ReactNode;
}

/** Something more about an element, beside it. */
export function OpenPopover({ anchor, title, testId, onClose, returnTo, children }: OpenPopoverProps) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Positioner className="positioner" sideOffset={6} collisionPadding={8} anchor={anchor}>
          <Base.Popup className="popup popover" data-testid={testId} finalFocus={returnTo}>
            {title && <Base.Title className="popover-title">{title}</Base.Title>}
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
