import type { ReactNode } from 'react';
import type { Fault } from '../../state/model.ts';
import { Icon } from '../kit/icon.tsx';

/** Why something of a call is not as it should be, and perhaps a button. Read out when it appears. */
export function CallFault({ fault, title, children }: { fault: Fault; title: string; children?: ReactNode }) {
  return (
    <div className="note" data-tone="danger" role="alert" data-testid="call-fault" data-code={fault.code}>
      <Icon name="warning" />
      <div>
        <strong>{title}</strong>
        <p>{fault.message}</p>
      </div>
      {children}
    </div>
  );
}
