import type { FocusEvent, MouseEvent, PointerEvent } from 'react';
import { memo, useRef, useState } from 'react';
import type { MessageItem } from '../../state/model.ts';
import { Icon } from '../kit/icon.tsx';
import { pointAnchor } from '../kit/menu.tsx';
import { strings } from '../strings.ts';
import { DelayedDelivery, FailedDelivery } from './delivery.tsx';
import { MessageActions } from './message-actions.tsx';
import { MessageBody } from './message-body.tsx';
import { MessageMeta } from './message-meta.tsx';
import { Reactions } from './reactions.tsx';
import { ReplyQuote } from './reply-quote.tsx';
import { useThread } from './thread-context.tsx';
import { useLongPress } from './use-long-press.ts';
import './message.css';
import './message-parts.css';

/** What a message needs. */
export interface MessageProps {
  message: MessageItem;
  /** It has less than six hours left. */
  soon: boolean;
}

/**
 * One message, with what is to be known about it and what can be done with it. Text is shown as it is: nothing in it becomes a link. Its controls are
 * in the order of Tab only while it has the focus, so that a thread is not a thousand stops long.
 */
export const Message = memo(function Message({ message, soon }: MessageProps) {
  const { own, delivery, key } = message;
  const thread = useThread();
  const article = useRef<HTMLElement>(null);
  const [hovered, setHovered] = useState(false);
  const [focused, setFocused] = useState(false);
  const press = useLongPress((x, y) => thread.open('menu', message, pointAnchor(x, y)));

  const contextMenu = (event: MouseEvent) => {
    // What is selected has a menu of the browser's own.
    if (window.getSelection()?.toString() || article.current === null) return;
    event.preventDefault();
    const byKey = event.clientX === 0 && event.clientY === 0;
    thread.open('menu', message, byKey ? article.current : pointAnchor(event.clientX, event.clientY));
  };
  const hover = (over: boolean) => (event: PointerEvent) => event.pointerType === 'mouse' && setHovered(over);
  const blur = ({ currentTarget, relatedTarget }: FocusEvent) =>
    setFocused(currentTarget.contains(relatedTarget as Node | null));
  return (
    <article
      ref={article}
      className="message"
      tabIndex={-1}
      data-key={key}
      data-testid="message"
      data-own={own}
      data-delivery={delivery}
      data-kind={message.kind}
      onPointerEnter={hover(true)}
      onPointerLeave={hover(false)}
      onFocus={() => setFocused(true)}
      onBlur={blur}
      onContextMenu={contextMenu}
      {...press}
    >
      <div className="message-line">
        <div className="bubble" data-media={message.file?.media}>
          {message.reply && <ReplyQuote reply={message.reply} reachable={focused} />}
          <MessageBody message={message} reachable={focused} />
          <MessageMeta message={message} soon={soon} reachable={focused} />
        </div>
        {(hovered || focused) && <MessageActions message={message} />}
      </div>
      {message.reactions.length > 0 && <Reactions message={message} reachable={focused} />}
      {message.equivocates && (
        <p className="message-warning" data-testid="equivocation">
          <Icon name="warning" />
          {strings.thread.equivocation}
        </p>
      )}
      {delivery === 'waiting' && message.deliveryFault && <DelayedDelivery message={message} />}
      {delivery === 'failed' && <FailedDelivery message={message} />}
    </article>
  );
});
