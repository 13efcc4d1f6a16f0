import type { Contact } from '../../state/model.ts';
import { Avatar } from '../kit/avatar.tsx';
import { Badge } from '../kit/badge.tsx';
import { Note } from '../kit/note.tsx';
import { strings } from '../strings.ts';
import { Fingerprint } from './fingerprint.tsx';
import { NicknameField } from './nickname-field.tsx';
import { SafetySection } from './safety-section.tsx';
import { SharedGroups } from './shared-groups.tsx';
import './details.css';

const text = strings.details;

function Who({ contact }: { contact: Contact }) {
  const { name, label, number, isSelf, isFormer, isVerified } = contact;
  return (
    <div className="details-who">
      <Avatar contact={contact} size="l" />
      <div>
        <strong>{name}</strong>
        {name !== label && <p>{text.label(label)}</p>}
        <p>{isSelf ? text.selfNumber(number) : text.number(number)}</p>
        {isFormer && <Badge tone="warn">{text.former}</Badge>}
        {isVerified && !isSelf && <Badge tone="soft">{text.verified}</Badge>}
      </div>
    </div>
  );
}

/** Who a member is, what one calls it, and what to compare in person. */
export function ContactDetails({
  contact,
  onOpen,
}: {
  contact: Contact;
  /** A group that is named here. */
  onOpen: (conversationId: string) => void;
}) {
  if (contact.isSelf)
    return (
      <div className="details">
        <Who contact={contact} />
        <Fingerprint contact={contact} />
      </div>
    );
  return (
    <div className="details">
      <Who contact={contact} />
      {contact.isFormer && <Note icon="info">{text.formerLead(contact.name)}</Note>}
      <NicknameField contact={contact} />
      {contact.safetyNumber !== undefined && !contact.isFormer && (
        <SafetySection contact={contact} digits={contact.safetyNumber} />
      )}
      <SharedGroups contact={contact} onOpen={onOpen} />
      <Fingerprint contact={contact} />
    </div>
  );
}
