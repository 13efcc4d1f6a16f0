import type { Fault } from '../../state/model.ts';
import { FaultNote } from '../kit/fault-note.tsx';
import { strings } from '../strings.ts';
import { DropZone } from './drop-zone.tsx';
import { Gate } from './gate.tsx';
import { useIdentityFile } from './use-identity-file.ts';

const text = strings.identity;

/** Asks for the identity file. */
export function IdentityScreen({ fault }: { fault: Fault | undefined }) {
  const { take, complaint } = useIdentityFile();
  const shown = complaint === undefined ? fault : { code: 'identity_foreign', message: complaint };
  return (
    <Gate title={text.title} lead={text.lead}>
      {shown && <FaultNote fault={shown} />}
      <DropZone onFiles={take} />
      <dl className="gate-facts">
        {text.facts.map(([term, fact]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
      <p className="gate-foot">
        {text.automatic} <code>{text.automaticPath}</code>
      </p>
    </Gate>
  );
}
