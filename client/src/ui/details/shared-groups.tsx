import { useId } from 'react';
import type { Contact, Conversation } from '../../state/model.ts';
import { useApp } from '../context.tsx';
import { titleOf } from '../conversations/names.ts';
import { GroupAvatar } from '../kit/avatar.tsx';
import { strings } from '../strings.ts';

const text = strings.details;

/** The groups that go on, with a member in them. */
function groupsWith(conversations: readonly Conversation[], { id }: Contact): Conversation[] {
  return conversations.filter(
    (it) =>
      it.kind === 'group' &&
      it.continuedBy === undefined &&
      it.ended === undefined &&
      it.members.some((member) => member.id === id),
  );
}

/** The groups that one is in together with a member. */
export function SharedGroups({
  contact,
  onOpen,
}: {
  contact: Contact;
  onOpen: (conversationId: string) => void;
}) {
  const conversations = useApp((state) => state.conversations);
  const groups = groupsWith(conversations, contact);
  const heading = useId();
  return (
    <section className="details-section" aria-labelledby={heading}>
      <h3 id={heading}>{text.groups}</h3>
      {groups.length === 0 ? (
        <p className="details-lead">{text.noGroups}</p>
      ) : (
        <ul>
          {groups.map((group) => (
            <li key={group.id}>
              <button
                type="button"
                className="details-member"
                data-testid="shared-group"
                onClick={() => onOpen(group.id)}
              >
                <GroupAvatar members={group.members} size="s" />
                <span>{titleOf(group)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
