import type { Delivery, MessageItem } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import type { IconName } from '../kit/icon.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import { useThread } from './thread-context.tsx';

const text = strings.delivery;

/** A sign for each state of delivery. */
export const DELIVERY_ICONS: Record<Delivery, IconName> = {
  waiting: 'clock',
  sent: 'check',
  read: 'read',
  expired: 'hourglass',
  failed: 'warning',
};

/** How far an own message got, as a sign with a name; more about it opens from it. */
export function DeliveryMark({
  message,
  delivery,
  reachable,
}: {
  message: MessageItem;
  delivery: Delivery;
  reachable: boolean;
}) {
  const { open } = useThread();
  return (
    <button
      type="button"
      className="delivery"
      title={text[delivery]}
      aria-label={text.show(text[delivery])}
      tabIndex={reachable ? 0 : -1}
      data-testid="delivery"
      data-state={delivery}
      onClick={({ currentTarget }) => open('info', message, currentTarget)}
    >
      <Icon name={DELIVERY_ICONS[delivery]} />
    </button>
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
      <Button small data-testid="retry" onClick={() => retry(key)}>
        {text.retry}
      </Button>
      <Button small data-testid="discard" onClick={() => discard(key)}>
        {text.discard}
      </Button>
    </div>
  );
}
