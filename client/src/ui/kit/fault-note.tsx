import type { ReactNode } from 'react';
import type { Fault } from '../../state/model.ts';
import { strings } from '../strings.ts';
import { Icon } from './icon.tsx';
import './display.css';

/** A fault: what happened, what to do, and perhaps buttons to do it. Read out when it appears. */
export function FaultNote({ fault, children }: { fault: Fault; children?: ReactNode }) {
  return (
    <div className="note" data-tone="danger" role="alert" data-testid="fault" data-code={fault.code}>
      <Icon name="warning" />
      <div>
        <strong>{strings.faultTitles[fault.code] ?? strings.faultTitle}</strong>
        <p>{fault.message}</p>
        {children}
      </div>
    </div>
  );
}
