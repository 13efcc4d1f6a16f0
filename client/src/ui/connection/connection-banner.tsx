import type { Fault } from '../../state/model.ts';
import { useActions, useApp } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import { useNow } from '../use-now.ts';
import './connection.css';

const text = strings.connection;

function Countdown({ retryAt }: { retryAt: number }) {
  const seconds = Math.ceil((retryAt - useNow(500)) / 1000);
  // A screen reader would read every second of it.
  return (
    <span className="banner-countdown" aria-live="off">
      {seconds > 0 ? text.retryIn(seconds) : text.retrying}
    </span>
  );
}

function Reason({ status, fault }: { status: 'offline' | 'refused'; fault: Fault }) {
  return (
    <>
      <strong>{text[status]}.</strong> {fault.message}
    </>
  );
}

/** Says why there is no connection, when the next attempt is, and lets one begin it now. */
export function ConnectionBanner() {
  const connection = useApp((state) => state.connection);
  const { reconnect } = useActions();
  if (connection.status === 'online') return null;
  return (
    <div className="banner" data-status={connection.status} data-testid="connection-banner">
      <Icon name={connection.status === 'connecting' ? 'clock' : 'warning'} />
      <p>
        {connection.status === 'connecting' ? text.connectingLead : <Reason {...connection} />}{' '}
        {connection.status === 'offline' && <Countdown retryAt={connection.retryAt} />}
      </p>
      {connection.status !== 'connecting' && (
        <Button small onClick={reconnect}>
          {text.tryNow}
        </Button>
      )}
    </div>
  );
}
