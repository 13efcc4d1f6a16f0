import type { ReactNode } from 'react';
import type { Fault } from '../../state/model.ts';
import { strings } from '../strings.ts';
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

/** Stands where something would be that could not be had; with what to do about it. */
export function ErrorState({ fault, children }: { fault: Fault; children?: ReactNode }) {
  return (
    <div className="state" data-tone="danger" role="alert" data-testid="fault" data-code={fault.code}>
      <Icon name="warning" />
      <strong>{strings.faultTitles[fault.code] ?? strings.faultTitle}</strong>
      <p>{fault.message}</p>
      {children}
    </div>
  );
}
