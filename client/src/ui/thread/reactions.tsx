import type { MessageItem } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { strings } from '../strings.ts';

/** Who reacted, and how. A press on one adds to it or takes one's own back. */
export function Reactions({ message, reachable }: { message: MessageItem; reachable: boolean }) {
  const { react } = useActions();
  return (
    <ul className="reactions">
      {message.reactions.map(({ emoji, members, own }) => {
        const names = members
          .map(({ name, isSelf }) => (isSelf ? strings.conversations.you : name))
          .join(', ');
        return (
          <li key={emoji}>
            <button
              type="button"
              className="reaction"
              data-testid="reaction"
              aria-pressed={own}
              aria-label={strings.reactions.by(emoji, names)}
              title={names}
              tabIndex={reachable ? 0 : -1}
              disabled={!message.can.react}
              onClick={() => react(message.key, own ? undefined : emoji)}
            >
              <span className="reaction-emoji">{emoji}</span>
              {members.length > 1 && members.length}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
