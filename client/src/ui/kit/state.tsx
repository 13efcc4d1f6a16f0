import type { ReactNode } from 'react';
import type { IconName } from './icon.tsx';
import { Icon } from './icon.tsx';
import { Logo } from './logo.tsx';
import './display.css';

/** Stands where something would be, and says what comes here. */
export function EmptyState({
  icon,
  title,
  children,
}: {
  /** The mark of the client, where there is none. */
  icon?: IconName;
  title: string;
  /** A sentence, and perhaps a button. */
  children?: ReactNode;
}) {
  return (
    <div className="state">
      {icon === undefined ? <Logo /> : <Icon name={icon} />}
      <strong>{title}</strong>
      {children}
    </div>
  );
}
