import type { ReplyItem } from '../../state/model.ts';
import { strings } from '../strings.ts';
import { useThread } from './thread-context.tsx';

const text = strings.reply;

/** What a message answers; a press goes there. */
export function ReplyQuote({ reply, reachable }: { reply: ReplyItem; reachable: boolean }) {
  const { jump } = useThread();
  const { state, author, excerpt, key } = reply;
  if (state !== 'here')
    return (
      <p className="quote" data-testid="reply-quote" data-state={state}>
        <span className="quote-text">{state === 'deleted' ? text.deleted : text.gone}</span>
      </p>
    );
  const who = author?.isSelf ? strings.conversations.you : author?.name;
  return (
    <button
      type="button"
      className="quote"
      title={text.jump}
      tabIndex={reachable ? 0 : -1}
      data-testid="reply-quote"
      data-state={state}
      onClick={() => jump(key)}
    >
      <span className="quote-author" data-tint={author && author.number % 6}>
        {who}
      </span>
      <span className="quote-text">{excerpt}</span>
    </button>
  );
}
