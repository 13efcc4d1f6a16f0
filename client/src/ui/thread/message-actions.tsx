import type { MessageItem } from '../../state/model.ts';
import { IconButton } from '../kit/icon-button.tsx';
import { strings } from '../strings.ts';
import { useThread } from './thread-context.tsx';

const text = strings.actions;

/** The nearest things to do with a message, beside it while it has the pointer or the focus. */
export function MessageActions({ message }: { message: MessageItem }) {
  const { open, reply } = useThread();
  return (
    <div className="message-bar" role="toolbar" aria-label={text.of}>
      {message.can.react && (
        <IconButton
          small
          icon="smile"
          label={text.react}
          data-testid="quick-react"
          onClick={({ currentTarget }) => open('react', message, currentTarget)}
        />
      )}
      {message.can.reply && (
        <IconButton
          small
          icon="reply"
          label={text.reply}
          data-testid="quick-reply"
          onClick={() => reply(message)}
        />
      )}
      <IconButton
        small
        icon="more"
        label={text.title}
        aria-haspopup="menu"
        data-testid="message-actions"
        onClick={({ currentTarget }) => open('menu', message, currentTarget)}
      />
    </div>
  );
}
