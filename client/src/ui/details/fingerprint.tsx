import type { Contact } from '../../state/model.ts';
import { strings } from '../strings.ts';

const text = strings.details;

/** The fingerprint of a member's key, in four columns; put away except where it is one's own. */
export function Fingerprint({ contact }: { contact: Contact }) {
  const groups = contact.fingerprint.split(' ').map((digits, place) => ({ digits, place }));
  return (
    <details className="details-more" open={contact.isSelf}>
      <summary data-testid="show-fingerprint">{text.fingerprint}</summary>
      <p className="fingerprint" data-testid="fingerprint">
        {groups.map(({ digits, place }) => (
          <code key={place}>{digits} </code>
        ))}
      </p>
      <p className="details-lead">
        {contact.isSelf ? text.fingerprintSelf : text.fingerprintLead(contact.name)}
      </p>
    </details>
  );
}
