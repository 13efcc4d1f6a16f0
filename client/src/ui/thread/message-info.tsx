import { fullTime } from '../format.ts';
import { Icon } from '../kit/icon.tsx';
import { OpenPopover } from '../kit/popover.tsx';
import { strings } from '../strings.ts';
import { DELIVERY_ICONS } from './delivery.tsx';
import { expiryWords } from './expiry.ts';
import type { MessagePopupProps } from './thread-context.tsx';

const text = strings.info;

/** When a message was written and when it ends, and how far it got with each recipient. */
export function MessageInfo({ message, anchor, onClose, returnTo }: MessagePopupProps) {
  const expiry = expiryWords(message);
  return (
    <OpenPopover
      anchor={anchor}
      onClose={onClose}
      returnTo={returnTo}
      title={text.title}
      testId="message-info"
    >
      <div className="info">
        <p>{text.written(fullTime(message.at))}</p>
        {expiry && <p data-testid="expiry">{expiry}</p>}
        {message.recipients.length > 0 && (
          <ul aria-label={text.recipients}>
            {message.recipients.map(({ contact, delivery, fault }) => (
              <li key={contact.id} data-testid="recipient" data-delivery={delivery}>
                <Icon name={DELIVERY_ICONS[delivery]} />
                <span>
                  <strong>{contact.name}</strong>
                  {strings.delivery[delivery]}
                  {fault && <span className="info-fault">{fault.message}</span>}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </OpenPopover>
  );
}
