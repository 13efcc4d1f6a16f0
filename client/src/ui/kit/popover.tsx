import { Popover as Base } from '@base-ui/react/popover';
import type { ReactElement, ReactNode } from 'react';
import type { Anchor } from './menu.tsx';
import './overlays.css';

function Popup({
  anchor,
  title,
  testId,
  children,
}: {
  anchor?: Anchor;
  title?: string | undefined;
  testId?: string | undefined;
  children: ReactNode;
}) {
  return (
    <Base.Portal>
      <Base.Positioner
        className="positioner"
        sideOffset={6}
        collisionPadding={8}
        {...(anchor === undefined ? {} : { anchor })}
      >
        <Base.Popup className="popup popover" data-testid={testId}>
          {title && <Base.Title className="popover-title">{title}</Base.Title>}
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}

/** Something more about a button, which opens it. */
export function Popover({
  trigger,
  title,
  testId,
  children,
}: {
  trigger: ReactElement;
  title?: string;
  testId?: string;
  children: ReactNode;
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Popup title={title} testId={testId}>
        {children}
      </Popup>
    </Base.Root>
  );
}

/** A popover that is open as long as it is rendered. */
export function OpenPopover({
  anchor,
  title,
  testId,
  onClose,
  children,
}: {
  anchor: Anchor;
  title?: string;
  testId?: string;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Popup anchor={anchor} title={title} testId={testId}>
        {children}
      </Popup>
    </Base.Root>
  );
}
