import { useApp } from '../context.tsx';
import { titleOf } from '../conversations/names.ts';
import { Button } from '../kit/button.tsx';
import { strings } from '../strings.ts';
import type { Group } from './group-details.tsx';

const text = strings.group;

/** Ways to the group that this one continues, and to the one that continues it. */
export function GroupLineage({ group, onOpen }: { group: Group; onOpen: (conversationId: string) => void }) {
  const conversations = useApp((state) => state.conversations);
  const before = conversations.find(({ id }) => id === group.continues);
  const after = conversations.find(({ id }) => id === group.continuedBy);
  if (!before && !after) return null;
  return (
    <div className="details-lineage">
      {before && (
        <Button small tone="quiet" icon="back" data-testid="continues" onClick={() => onOpen(before.id)}>
          <span>{text.continues(titleOf(before))}</span>
        </Button>
      )}
      {after && (
        <Button small tone="quiet" icon="group" data-testid="continued-by" onClick={() => onOpen(after.id)}>
          <span>{text.continuedBy(titleOf(after))}</span>
        </Button>
      )}
    </div>
  );
}
