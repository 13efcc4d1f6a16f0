import type { Contact } from '../../state/model.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Modal } from '../parts/modal.tsx';
import { strings } from '../strings.ts';
import './details.css';

/** Who a member is, and the fingerprint to compare in person. */
export function ContactDetails({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const text = strings.details;
  const groups = contact.fingerprint.split(' ').map((digits, place) => ({ digits, place }));
  return (
    <Modal title={contact.label} onClose={onClose}>
      <div className="details-who">
        <Avatar contact={contact} large />
        <p>{contact.isSelf ? text.selfNumber(contact.number) : text.number(contact.number)}</p>
      </div>
      <h3>{text.fingerprint}</h3>
      <p className="fingerprint" data-testid="fingerprint">
        {groups.map(({ digits, place }) => (
          <code key={place}>{digits} </code>
        ))}
      </p>
      <p className="details-lead">
        {contact.isSelf ? text.fingerprintSelf : text.fingerprintLead(contact.label)}
      </p>
    </Modal>
  );
}
