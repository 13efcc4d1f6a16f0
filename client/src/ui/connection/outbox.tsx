import { useApp } from '../context.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import './connection.css';

/** How much is not sent yet, and whether it would survive a reload. Nothing when there is nothing to say. */
export function Outbox() {
  const count = useApp((state) => state.outboxCount);
  const fault = useApp((state) => state.storageFault);
  return (
    <div className="outbox" role="status">
      {count > 0 && (
        <p data-testid="outbox" data-count={count}>
          <Icon name="clock" />
          {strings.connection.outbox(count)}
        </p>
      )}
      {fault && (
        <p className="outbox-fault" data-testid="storage-fault">
          <Icon name="warning" />
          {fault.message}
        </p>
      )}
    </div>
  );
}
