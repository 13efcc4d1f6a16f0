import type { CallReach } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { Spinner } from '../kit/spinner.tsx';
import { strings } from '../strings.ts';
import { CallFault } from './call-fault.tsx';

const text = strings.lobby;

/** Whether calls can get through from here, and why not. */
export function Reach({ reach }: { reach: CallReach }) {
  const { tryReach } = useActions();
  return (
    <div className="reach" role="status" data-testid="lobby-reach" data-phase={reach.phase}>
      {reach.phase === 'failed' && (
        <CallFault fault={reach.fault} title={strings.callFaults.person}>
          <Button small data-testid="lobby-try" onClick={() => tryReach()}>
            {text.again}
          </Button>
        </CallFault>
      )}
      {reach.phase === 'reached' && (
        <p>
          <Icon name="check" />
          {text.reached}
        </p>
      )}
      {(reach.phase === 'trying' || reach.phase === 'unknown') && (
        <p>
          <Spinner />
          {text.trying}
        </p>
      )}
    </div>
  );
}
