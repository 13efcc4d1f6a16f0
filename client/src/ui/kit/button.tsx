import type { ComponentProps } from 'react';
import type { IconName } from './icon.tsx';
import { Icon } from './icon.tsx';
import { Spinner } from './spinner.tsx';
import './controls.css';

/** What a button needs beyond what a `button` takes. */
export interface ButtonProps extends Omit<ComponentProps<'button'>, 'className'> {
  /** `primary`: the one thing to do here. `danger`: it cannot be undone. `quiet`: looks like a link. */
  tone?: 'plain' | 'primary' | 'danger' | 'quiet';
  small?: boolean;
  icon?: IconName;
  /** It was pressed and works on it: shows a spinner and takes no second press. */
  busy?: boolean;
}

/** A button with words. */
export function Button({ tone = 'plain', small, icon, busy, disabled, children, ...rest }: ButtonProps) {
  const name = ['button', tone !== 'plain' && `button-${tone}`, small && 'button-small'].filter(Boolean);
  return (
    <button
      type="button"
      {...rest}
      className={name.join(' ')}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    >
      {busy ? <Spinner /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
