import type { FormEvent } from 'react';
import { useId, useState } from 'react';
import type { Fault } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { FaultNote } from '../kit/fault-note.tsx';
import { Note } from '../kit/note.tsx';
import { TextField } from '../kit/text-field.tsx';
import { strings } from '../strings.ts';
import { download } from './download.ts';
import './settings.css';

const text = strings.saveIdentity;

function Saved({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      title={text.title}
      onClose={onClose}
      testId="save-identity-dialog"
      footer={
        <Button tone="primary" onClick={onClose}>
          {strings.kit.done}
        </Button>
      }
    >
      <div role="status" data-testid="identity-saved">
        <Note tone="good" icon="check" title={text.saved}>
          <p>{text.savedLead}</p>
        </Note>
      </div>
    </Dialog>
  );
}

/** Makes a new identity file, under a passphrase where one is given, and lets the browser save it. */
export function SaveIdentityDialog({ onClose }: { onClose: () => void }) {
  const { makeIdentityFile } = useActions();
  const [passphrase, setPassphrase] = useState('');
  const [repeated, setRepeated] = useState('');
  const [differs, setDiffers] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const [phase, setPhase] = useState<'asking' | 'making' | 'saved'>('asking');
  const form = useId();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (phase === 'making') return;
    setDiffers(passphrase !== repeated);
    setFault(undefined);
    if (passphrase !== repeated) return;
    setPhase('making');
    const made = await makeIdentityFile(passphrase === '' ? undefined : passphrase);
    if ('fault' in made) {
      setPhase('asking');
      setFault(made.fault);
      return;
    }
    download(made.file, text.file);
    setPassphrase('');
    setRepeated('');
    setPhase('saved');
  };
  if (phase === 'saved') return <Saved onClose={onClose} />;
  const field = { type: 'password', autoCapitalize: 'off', spellCheck: false, disabled: phase === 'making' };
  return (
    <Dialog
      firm
      title={text.title}
      lead={text.lead}
      onClose={onClose}
      testId="save-identity-dialog"
      footer={
        <>
          <Button onClick={onClose}>{strings.kit.cancel}</Button>
          <Button
            tone="primary"
            type="submit"
            form={form}
            busy={phase === 'making'}
            data-testid="save-identity-submit"
          >
            {text.save}
          </Button>
        </>
      }
    >
      <form id={form} className="settings-form" onSubmit={submit}>
        <TextField
          {...field}
          label={text.passphrase}
          hint={text.passphraseHint}
          value={passphrase}
          onChange={setPassphrase}
          testId="new-passphrase"
        />
        {(passphrase !== '' || repeated !== '') && (
          <TextField
            {...field}
            label={text.repeat}
            error={differs ? text.differs : undefined}
            value={repeated}
            onChange={setRepeated}
            testId="new-passphrase-again"
          />
        )}
        {passphrase === '' && <p className="settings-hint">{text.bare}</p>}
        {fault && <FaultNote fault={fault} />}
      </form>
    </Dialog>
  );
}
