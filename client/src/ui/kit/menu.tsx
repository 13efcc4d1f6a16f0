import { Menu as Base } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import type { IconName } from './icon.tsx';
import { Icon } from './icon.tsx';
import './overlays.css';

/** Where a menu or popover stands without a trigger: an element, or a point of the window. */
export type Anchor = Element | { getBoundingClientRect: () => DOMRect };

/** A point of the window as an {@link Anchor}. Pixels. */
export function pointAnchor(x: number, y: number): Anchor {
  return { getBoundingClientRect: () => new DOMRect(x, y, 0, 0) };
}

/** An {@link Anchor} that stays where it was when its element goes, as buttons do that only a pointer brings up. */
export function lastingAnchor(anchor: Anchor): Anchor {
  let place = anchor.getBoundingClientRect();
  return {
    getBoundingClientRect: () => {
      if (!(anchor instanceof Element) || anchor.isConnected) place = anchor.getBoundingClientRect();
      return place;
    },
  };
}

/** What gets the focus when something closes; null leaves it alone. */
export type ReturnTo = () => HTMLElement | null;

/** What a menu needs. It is open as long as it is rendered. */
export interface OpenMenuProps {
  anchor: Anchor;
  onClose: () => void;
  returnTo: ReturnTo;
  children: ReactNode;
}

/** What can be done with an element or at a point, to choose from. */
export function OpenMenu({ anchor, onClose, returnTo, children }: OpenMenuProps) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Positioner
          className="positioner"
          sideOffset={4}
          align="start"
          collisionPadding={8}
          anchor={anchor}
        >
          <Base.Popup className="popup menu" finalFocus={returnTo}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** One thing to do. */
export function MenuItem({
  icon,
  label,
  tone,
  disabled = false,
  testId,
  onSelect,
}: {
  icon: IconName;
  label: string;
  tone?: 'danger';
  disabled?: boolean;
  testId?: string;
  onSelect: () => void;
}) {
  return (
    <Base.Item
      className="menu-item"
      data-tone={tone}
      data-testid={testId}
      disabled={disabled}
      onClick={onSelect}
    >
      <Icon name={icon} />
      {label}
    </Base.Item>
  );
}

/** A line between groups of items. */
export function MenuSeparator() {
  return <Base.Separator className="menu-separator" />;
}
