import type { Contact, Conversation } from '../../state/model.ts';
import { useApp } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { strings } from '../strings.ts';
import { ContactDetails } from './contact-details.tsx';
import { GroupDetails } from './group-details.tsx';

/** What details need. */
export interface DetailsProps {
  subject: Contact | Conversation;
  /** Details of a member of a group. */
  onShow: (contact: Contact) => void;
  /** Back from a member to the group it was reached from. */
  onBack: (() => void) | undefined;
  onEdit: (group: Conversation) => void;
}

/** Who a member is, or who is in a group. */
export function Details({ subject, onShow, onBack, onEdit }: DetailsProps) {
  const contacts = useApp((state) => state.contacts);
  if ('kind' in subject && subject.kind === 'group')
    return <GroupDetails group={subject} onShow={onShow} onEdit={() => onEdit(subject)} />;
  const given = 'kind' in subject ? subject.peer : subject;
  return (
    <>
      {onBack && !('kind' in subject) && (
        <Button small tone="quiet" icon="back" onClick={onBack}>
          {strings.details.toGroup}
        </Button>
      )}
      <ContactDetails contact={contacts.find(({ id }) => id === given.id) ?? given} />
    </>
  );
}
