import type { FormEvent } from 'react';
import { useEffect, useId, useRef, useState } from 'react';
import type { Fault } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { FaultNote } from '../kit/fault-note.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import { FileButton } from './file-button.tsx';
import { Gate } from './gate.tsx';
import { useIdentityFile } from './use-identity-file.ts';

const text = strings.passphrase;

/** Asks for the passphrase of a protected identity file. */
export function PassphraseScreen({ fault }: { fault: Fault | undefined }) {
  const { openIdentity } = useActions();
  const { take, complaint } = useIdentityFile();
  const [passphrase, setPassphrase] = useState('');
  const [visible, setVisible] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => input.current?.focus(), []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (passphrase === '') return;
    setPassphrase('');
    await openIdentity({ passphrase });
  };
  const shown = complaint === undefined ? fault : { code: 'identity_foreign', message: complaint };
  return (
    <Gate title={text.title} lead={text.lead}>
      {shown && <FaultNote fault={shown} />}
      <form className="passphrase" onSubmit={submit}>
        <label htmlFor={id}>{text.label}</label>
        <div className="passphrase-field">
          <input
            ref={input}
            id={id}
            type={visible ? 'text' : 'password'}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            data-testid="passphrase"
            value={passphrase}
            onChange={({ target }) => setPassphrase(target.value)}
          />
          <button
            type="button"
            className="icon-button"
            aria-label={visible ? text.hide : text.show}
            aria-pressed={visible}
            onClick={() => setVisible(!visible)}
          >
            <Icon name={visible ? 'hidden' : 'visible'} />
          </button>
        </div>
        <div className="passphrase-actions">
          <button type="submit" className="button button-primary" disabled={passphrase === ''}>
            {text.open}
          </button>
          <FileButton label={text.other} className="button" onFiles={take} />
        </div>
      </form>
    </Gate>
  );
}
