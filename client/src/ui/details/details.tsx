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
  /** Asked to change who is in a group. */
  onEdit: (group: Conversation) => void;
  /** Another conversation that is named here. */
  onOpen: (conversationId: string) => void;
}

/** Who a member is, or who is in a group. */
export function Details({ subject, onShow, onBack, onEdit, onOpen }: DetailsProps) {
  const contacts = useApp((state) => state.contacts);
  if ('kind' in subject && subject.kind === 'group')
    return <GroupDetails group={subject} onShow={onShow} onEdit={() => onEdit(subject)} onOpen={onOpen} />;
  const given = 'kind' in subject ? subject.peer : subject;
  const contact = contacts.find(({ id }) => id === given.id) ?? given;
  return (
    <>
      {onBack && !('kind' in subject) && (
        <Button small tone="quiet" icon="back" onClick={onBack}>
          {strings.details.toGroup}
        </Button>
      )}
      <ContactDetails key={contact.id} contact={contact} onOpen={onOpen} />
    </>
  );
}
