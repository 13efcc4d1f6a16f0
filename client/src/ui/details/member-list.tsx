import { useId } from 'react';
import type { Contact } from '../../state/model.ts';
import { Avatar } from '../kit/avatar.tsx';
import { Badge } from '../kit/badge.tsx';
import { strings } from '../strings.ts';

const text = strings.details;

function Member({ member, onShow }: { member: Contact; onShow: (contact: Contact) => void }) {
  return (
    <li>
      <button
        type="button"
        className="details-member"
        data-testid={`details-member-${member.number}`}
        onClick={() => onShow(member)}
      >
        <Avatar contact={member} size="s" />
        <span>
          {member.isSelf ? text.you(member.name) : member.name}
          {member.isFormer && <small>{text.former}</small>}
        </span>
        {member.isVerified && !member.isSelf && <Badge tone="soft">{text.verified}</Badge>}
      </button>
    </li>
  );
}

/** Who is in a group, each a way to its details. */
export function MemberList({
  members,
  onShow,
}: {
  members: readonly Contact[];
  onShow: (contact: Contact) => void;
}) {
  const heading = useId();
  return (
    <section className="details-section" aria-labelledby={heading}>
      <h3 id={heading}>{strings.group.members(members.length)}</h3>
      <ul>
        {members.map((member) => (
          <Member key={member.id} member={member} onShow={onShow} />
        ))}
      </ul>
    </section>
  );
}
