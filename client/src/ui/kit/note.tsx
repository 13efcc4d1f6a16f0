import type { ReactNode } from 'react';
import type { IconName } from './icon.tsx';
import { Icon } from './icon.tsx';
import './display.css';

/** What a note needs. */
export interface NoteProps {
  tone?: 'plain' | 'good' | 'warn' | 'danger';
  icon?: IconName;
  title?: string;
  children?: ReactNode;
  /** Buttons. */
  actions?: ReactNode;
  testId?: string;
}

/** Something to know, where it matters. Stays as long as it holds. */
export function Note({ tone = 'plain', icon = 'info', title, children, actions, testId }: NoteProps) {
  return (
    <div className="note" data-tone={tone} data-testid={testId}>
      <Icon name={icon} />
      <div>
        {title && <strong>{title}</strong>}
        {children}
        {actions && <div className="note-actions">{actions}</div>}
      </div>
    </div>
  );
}
