import type { MessageItem } from '../../state/model.ts';
import { fullTime, timeOfDay } from '../format.ts';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import { DelayedDelivery, DeliveryMark, FailedDelivery } from './delivery.tsx';
import './message.css';

const text = strings.thread;

function Body({ message }: { message: MessageItem }) {
  if (message.kind === 'unsupported')
    return (
      <p className="message-aside">
        {text.unsupported} <code>{message.kindName}</code>
      </p>
    );
  if (message.fault)
    return (
      <p className="message-aside">
        {text.textFault} {message.fault.message}
      </p>
    );
  if (message.text === undefined)
    return (
      <p className="message-aside message-loading" aria-busy="true">
        {text.loading}
      </p>
    );
  return <p className="message-text">{message.text}</p>;
}

/** One message, with what is to be known about it. Text is shown as it is: nothing in it becomes a link. */
export function Message({ message }: { message: MessageItem }) {
  const { own, delivery, at, equivocates } = message;
  return (
    <article
      className="message"
      data-testid="message"
      data-own={own}
      data-delivery={delivery}
      data-kind={message.kind}
    >
      <div className="bubble">
        <Body message={message} />
        <p className="message-meta">
          <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
            {timeOfDay(at)}
          </time>
          {delivery && <DeliveryMark delivery={delivery} />}
        </p>
      </div>
      {equivocates && (
        <p className="message-warning" data-testid="equivocation">
          <Icon name="warning" />
          {text.equivocation}
        </p>
      )}
      {delivery === 'waiting' && message.deliveryFault && <DelayedDelivery message={message} />}
      {delivery === 'failed' && <FailedDelivery message={message} />}
    </article>
  );
}
