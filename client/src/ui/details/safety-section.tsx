import { useId, useState } from 'react';
import type { Contact } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { Note } from '../kit/note.tsx';
import { strings } from '../strings.ts';
import { QrCode } from './qr-code.tsx';
import { ScanDialog } from './scan-dialog.tsx';

const text = strings.safety;

function Mark({ contact }: { contact: Contact }) {
  if (contact.isVerified)
    return (
      <Note tone="good" icon="shield" title={text.verified}>
        <p>{text.verifiedLead(contact.name)}</p>
      </Note>
    );
  return (
    <Note icon="shield" title={text.unverified}>
      <p>{text.lead(contact.name)}</p>
    </Note>
  );
}

function Digits({ digits }: { digits: string }) {
  const groups = digits.split(' ').map((group, place) => ({ group, place }));
  return (
    <p className="safety-number" data-testid="safety-number">
      {groups.map(({ group, place }) => (
        <code key={place}>{group} </code>
      ))}
    </p>
  );
}

/** The safety number of a pair, how to compare it, and the mark that it was. */
export function SafetySection({
  contact,
  digits,
}: {
  contact: Contact;
  /** Twelve groups of five digits. */
  digits: string;
}) {
  const { setVerified } = useActions();
  const [scanning, setScanning] = useState(false);
  const heading = useId();
  const { id, name, safetyCode, isVerified } = contact;
  return (
    <section className="details-section safety" aria-labelledby={heading}>
      <h3 id={heading}>{text.title}</h3>
      <Mark contact={contact} />
      <Digits digits={digits} />
      {safetyCode !== undefined && <QrCode code={safetyCode} label={text.code(name)} />}
      <ol className="safety-steps">
        {text.steps(name).map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <div className="safety-actions">
        {safetyCode !== undefined && (
          <Button data-testid="scan-code" onClick={() => setScanning(true)}>
            {text.scan}
          </Button>
        )}
        <Button
          tone={isVerified ? 'plain' : 'primary'}
          data-testid="mark-verified"
          onClick={() => setVerified(id, !isVerified)}
        >
          {isVerified ? text.unmark : text.mark}
        </Button>
      </div>
      {scanning && safetyCode !== undefined && (
        <ScanDialog contact={contact} safetyCode={safetyCode} onClose={() => setScanning(false)} />
      )}
    </section>
  );
}
