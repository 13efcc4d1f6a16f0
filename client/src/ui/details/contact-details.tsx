import type { Contact } from '../../state/model.ts';
import { Avatar } from '../kit/avatar.tsx';
import { strings } from '../strings.ts';
import './details.css';

/** Who a member is, and the fingerprint to compare in person. */
export function ContactDetails({ contact }: { contact: Contact }) {
  const text = strings.details;
  const groups = contact.fingerprint.split(' ').map((digits, place) => ({ digits, place }));
  return (
    <div className="details">
      <div className="details-who">
        <Avatar contact={contact} size="l" />
        <p>
          <strong>{contact.name}</strong>
          {contact.isSelf ? text.selfNumber(contact.number) : text.number(contact.number)}
        </p>
      </div>
      <section className="details-section">
        <h3>{text.fingerprint}</h3>
        <p className="fingerprint" data-testid="fingerprint">
          {groups.map(({ digits, place }) => (
            <code key={place}>{digits} </code>
          ))}
        </p>
        <p className="details-lead">
          {contact.isSelf ? text.fingerprintSelf : text.fingerprintLead(contact.name)}
        </p>
      </section>
    </div>
  );
}
