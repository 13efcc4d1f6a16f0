import type { FormEvent } from 'react';
import { useState } from 'react';
import type { Fault } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { FaultNote } from '../kit/fault-note.tsx';
import { TextField } from '../kit/text-field.tsx';
import { strings } from '../strings.ts';
import type { Group } from './group-details.tsx';

const text = strings.group;

/** A group's name has at most as many bytes (SPEC.md §8.1); the state refuses what is longer. */
const NAME_LENGTH = 100;

/** The name of a group, to be changed in place. */
export function GroupName({ group: { id, name } }: { group: Group }) {
  const { renameGroup } = useActions();
  const [draft, setDraft] = useState<string>();
  const [fault, setFault] = useState<Fault>();
  const [busy, setBusy] = useState(false);
  if (draft === undefined)
    return (
      <Button icon="edit" data-testid="details-rename" onClick={() => setDraft(name)}>
        {text.rename}
      </Button>
    );
  const end = () => {
    setDraft(undefined);
    setFault(undefined);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (draft.trim() === name) return end();
    setBusy(true);
    const refused = await renameGroup(id, draft.trim());
    setBusy(false);
    if (refused === undefined) return end();
    setFault(refused);
  };
  const ofName = fault?.code === 'name_invalid';
  return (
    <form className="details-form" onSubmit={submit}>
      <TextField
        label={text.name}
        hint={text.nameHint}
        value={draft}
        maxLength={NAME_LENGTH}
        autoFocus
        error={ofName ? fault.message : undefined}
        onChange={(value) => {
          setDraft(value);
          setFault(undefined);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          end();
        }}
        testId="details-name"
      />
      {fault && !ofName && <FaultNote fault={fault} />}
      <div className="details-actions">
        <Button onClick={end}>{strings.kit.cancel}</Button>
        <Button type="submit" busy={busy} data-testid="details-name-save">
          {strings.kit.save}
        </Button>
      </div>
    </form>
  );
}
