import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import type { IconName } from './icon.tsx';
import { Icon } from './icon.tsx';
import './overlays.css';

/** Where a menu or popover stands without a trigger: an element, or a point of the window. */
export type Anchor = Element | { getBoundingClientRect: () => DOMRect };

/** A point of the window as an {@link Anchor}. Pixels. */
export function pointAnchor(x: number, y: number): Anchor {
  return { getBoundingClientRect: () => new DOMRect(x, y, 0, 0) };
}

/** What a menu at a button needs. */
export interface MenuProps {
  /** The button; it gets what makes it open the menu. */
  trigger: ReactElement;
  /** {@link MenuItem}s and {@link MenuSeparator}s. */
  children: ReactNode;
  align?: 'start' | 'end';
}

function Popup({
  anchor,
  align,
  children,
}: {
  anchor?: Anchor;
  align: 'start' | 'end';
  children: ReactNode;
}) {
  return (
    <Base.Portal>
      <Base.Positioner
        className="positioner"
        sideOffset={4}
        align={align}
        collisionPadding={8}
        {...(anchor === undefined ? {} : { anchor })}
      >
        <Base.Popup className="popup menu">{children}</Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}

/** A menu that its button opens. */
export function Menu({ trigger, align = 'end', children }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Popup align={align}>{children}</Popup>
    </Base.Root>
  );
}

/** A menu that is open as long as it is rendered: a context menu. The focus goes back to where it was. */
export function OpenMenu({
  anchor,
  onClose,
  children,
}: {
  anchor: Anchor;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Popup anchor={anchor} align="start">
        {children}
      </Popup>
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
