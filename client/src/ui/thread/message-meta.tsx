import type { MessageItem } from '../../state/model.ts';
import { fullTime, timeOfDay } from '../format.ts';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import { DeliveryMark } from './delivery.tsx';

/** What a message's small line needs. */
export interface MessageMetaProps {
  message: MessageItem;
  soon: boolean;
  reachable: boolean;
}

/** When a message was written, whether it was changed, whether it ends soon, and how far it got. */
export function MessageMeta({ message, soon, reachable }: MessageMetaProps) {
  const { at, isEdited, delivery } = message;
  return (
    <p className="message-meta">
      {soon && (
        <span className="ends-soon" title={strings.info.expiresSoon} data-testid="ends-soon">
          <Icon name="hourglass" />
          <span className="visually-hidden">{strings.info.expiresSoon}</span>
        </span>
      )}
      {isEdited && <span data-testid="edited">{strings.thread.edited}</span>}
      <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
        {timeOfDay(at)}
      </time>
      {delivery && <DeliveryMark message={message} delivery={delivery} reachable={reachable} />}
    </p>
  );
}
