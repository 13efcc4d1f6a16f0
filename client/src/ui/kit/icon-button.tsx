import type { ComponentProps } from 'react';
import type { IconName } from './icon.tsx';
import { Icon } from './icon.tsx';
import { Tooltip } from './tooltip.tsx';
import './controls.css';

/** What a button without words needs beyond what a `button` takes. */
export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'className' | 'children'> {
  icon: IconName;
  /** Says what it does, to those who hear it and, as a tooltip, to those who see it. */
  label: string;
  small?: boolean;
  /** Says it in more or fewer words than the label, where that helps. */
  tip?: string;
}

/** A button that is a picture, with its words in a tooltip. */
export function IconButton({ icon, label, tip = label, small, ...rest }: IconButtonProps) {
  return (
    <Tooltip tip={tip}>
      <button
        type="button"
        {...rest}
        className={small ? 'icon-button icon-button-small' : 'icon-button'}
        aria-label={label}
      >
        <Icon name={icon} />
      </button>
    </Tooltip>
  );
}
