import type { Conversation, MessageItem } from '../../state/model.ts';
import { excerpt } from '../conversations/order.ts';
import { Icon } from '../kit/icon.tsx';
import { IconButton } from '../kit/icon-button.tsx';
import { strings } from '../strings.ts';
import type { Draft } from '../use-drafts.ts';

/** What is answered or changed, above the composer; Escape ends it too. */
export function ComposerBanner({
  conversation,
  draft: { edit, reply },
  onCancel,
}: {
  conversation: Conversation;
  draft: Draft;
  onCancel: () => void;
}) {
  const key = edit?.key ?? reply;
  if (key === undefined) return null;
  const message = conversation.items.find(
    (item): item is MessageItem => item.type === 'message' && item.key === key,
  );
  if (message === undefined) return null;
  const who = message.own ? strings.conversations.you : message.author.name;
  return (
    <div className="composer-banner" data-testid={edit ? 'editing' : 'replying'}>
      <Icon name={edit ? 'edit' : 'reply'} />
      <p>
        <strong>{edit ? strings.composer.editing : strings.reply.to(who)}</strong>
        <span className="composer-banner-excerpt">{excerpt(message)}</span>
      </p>
      <IconButton
        small
        icon="close"
        label={edit ? strings.composer.cancelEdit : strings.reply.cancel}
        onClick={onCancel}
      />
    </div>
  );
}
