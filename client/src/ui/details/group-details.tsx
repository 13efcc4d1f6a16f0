import type { Contact, Conversation } from '../../state/model.ts';
import { titleOf } from '../conversations/names.ts';
import { Avatar, GroupAvatar } from '../kit/avatar.tsx';
import { Badge } from '../kit/badge.tsx';
import { Button } from '../kit/button.tsx';
import { strings } from '../strings.ts';
import './details.css';

const text = strings.details;

function Member({ member, onShow }: { member: Contact; onShow: (contact: Contact) => void }) {
  return (
    <li>
      <button type="button" className="details-member" onClick={() => onShow(member)}>
        <Avatar contact={member} size="s" />
        <span>{member.isSelf ? text.you(member.name) : member.name}</span>
        {member.isVerified && <Badge tone="soft">{text.verified}</Badge>}
      </button>
    </li>
  );
}

/** Who is in a group. */
export function GroupDetails({
  group,
  onShow,
  onEdit,
}: {
  group: Conversation;
  onShow: (contact: Contact) => void;
  onEdit: () => void;
}) {
  return (
    <div className="details">
      <div className="details-who">
        <GroupAvatar members={group.members} size="l" />
        <p>
          <strong>{titleOf(group)}</strong>
          {strings.conversations.members(group.members.length)}
        </p>
      </div>
      {group.canWrite && (
        <Button icon="edit" data-testid="edit-group" onClick={onEdit}>
          {text.edit}
        </Button>
      )}
      <section className="details-section">
        <h3>{text.members(group.members.length)}</h3>
        <ul>
          {group.members.map((member) => (
            <Member key={member.id} member={member} onShow={onShow} />
          ))}
        </ul>
      </section>
    </div>
  );
}
