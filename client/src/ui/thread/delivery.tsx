import type { Delivery, MessageItem } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import type { IconName } from '../kit/icon.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';

const text = strings.delivery;

const MARKS: Record<Delivery, IconName> = { waiting: 'clock', sent: 'check', failed: 'warning' };

/** How far an own message got, as a sign with a name. */
export function DeliveryMark({ delivery }: { delivery: Delivery }) {
  return (
    <span className="delivery" title={text[delivery]}>
      <Icon name={MARKS[delivery]} />
      <span className="visually-hidden">{text[delivery]}</span>
    </span>
  );
}

/** Why a message still waits, where that is known. */
export function DelayedDelivery({ message: { deliveryFault } }: { message: MessageItem }) {
  return (
    <p className="message-note" data-testid="delayed">
      {text.delayed} {deliveryFault?.message}
    </p>
  );
}

/** Why a message did not go out, and what can be done. */
export function FailedDelivery({ message: { key, deliveryFault } }: { message: MessageItem }) {
  const { retry, discard } = useActions();
  return (
    <div className="delivery-failed" role="alert">
      <p>
        <strong>{text.failed}.</strong> {deliveryFault?.message}
      </p>
      <button type="button" className="button button-small" data-testid="retry" onClick={() => retry(key)}>
        {text.retry}
      </button>
      <button
        type="button"
        className="button button-small"
        data-testid="discard"
        onClick={() => discard(key)}
      >
        {text.discard}
      </button>
    </div>
  );
}
