import { useState } from 'react';
import type { Contact } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Note } from '../kit/note.tsx';
import { strings } from '../strings.ts';
import { Scanner } from './scanner.tsx';

const text = strings.scan;

/** What came of a scan; `foreign`: a code of something else. */
type Finding = 'match' | 'mismatch' | 'foreign';

/**
 * What a scanned code says of the pair.
 * @param safetyCode the pair's own: `relay-safety:<version>:<number>`
 */
export function compareCodes(scanned: string, safetyCode: string): Finding {
  if (scanned === safetyCode) return 'match';
  const scheme = safetyCode.slice(0, safetyCode.lastIndexOf(':') + 1);
  return scanned.startsWith(scheme) ? 'mismatch' : 'foreign';
}

function Outcome({ name, found }: { name: string; found: 'match' | 'mismatch' }) {
  const isMatch = found === 'match';
  return (
    <div role="alert" data-testid="scan-outcome" data-outcome={found}>
      <Note
        tone={isMatch ? 'good' : 'danger'}
        icon={isMatch ? 'check' : 'warning'}
        title={isMatch ? text.match : text.mismatch}
      >
        <p>{isMatch ? text.matchLead(name) : text.mismatchLead(name)}</p>
      </Note>
    </div>
  );
}

/** What the scanner of a safety number needs. */
export interface ScanDialogProps {
  contact: Contact;
  /** What the code of this pair holds. */
  safetyCode: string;
  onClose: () => void;
}

/** Compares the code on another member's screen with one's own, through the camera; it is off once there is an answer. */
export function ScanDialog({ contact: { id, name }, safetyCode, onClose }: ScanDialogProps) {
  const { setVerified } = useActions();
  const [finding, setFinding] = useState<Finding>();
  const found = (code: string) => {
    const compared = compareCodes(code, safetyCode);
    setFinding(compared);
    if (compared === 'match') setVerified(id, true);
  };
  const done = finding === 'match' || finding === 'mismatch';
  return (
    <Dialog
      title={text.title(name)}
      lead={done ? undefined : text.lead(name)}
      onClose={onClose}
      testId="scan"
      footer={
        <>
          {finding === 'mismatch' && (
            <Button data-testid="scan-again" onClick={() => setFinding(undefined)}>
              {text.again}
            </Button>
          )}
          <Button tone={finding === 'match' ? 'primary' : 'plain'} onClick={onClose}>
            {finding === 'match' ? strings.kit.done : strings.kit.cancel}
          </Button>
        </>
      }
    >
      {done ? (
        <Outcome name={name} found={finding} />
      ) : (
        <Scanner foreign={finding === 'foreign'} onCode={found} />
      )}
    </Dialog>
  );
}
