import type { Conversation } from '../../state/model.ts';
import { Button } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import './composer.css';

const text = strings.frozen;

function reasonOf(conversation: Conversation): string {
  if (conversation.kind === 'group') {
    if (conversation.continuedBy !== undefined) return text.continued;
    if (conversation.ended !== undefined) return text[conversation.ended];
    return text.other;
  }
  return conversation.peer.isFormer ? text.former(conversation.peer.name) : text.other;
}

/** Stands in the composer's place where nothing can be written, and says why. */
export function Frozen({
  conversation,
  onOpen,
}: {
  conversation: Conversation;
  onOpen: (id: string) => void;
}) {
  const next = conversation.kind === 'group' ? conversation.continuedBy : undefined;
  return (
    <footer className="frozen" data-testid="frozen">
      <Icon name="lock" />
      <p>{reasonOf(conversation)}</p>
      {next !== undefined && (
        <Button small data-testid="open-continued" onClick={() => onOpen(next)}>
          {text.open}
        </Button>
      )}
    </footer>
  );
}
