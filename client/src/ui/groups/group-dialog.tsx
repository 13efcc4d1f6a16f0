import type { FormEvent } from 'react';
import { useId, useState } from 'react';
import type { Contact, Conversation, Fault } from '../../state/model.ts';
import { useActions, useApp } from '../context.tsx';
import { titleOf } from '../conversations/names.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { FaultNote } from '../kit/fault-note.tsx';
import { TextField } from '../kit/text-field.tsx';
import { strings } from '../strings.ts';
import { GroupChange } from './group-change.tsx';
import { GroupMembers } from './group-members.tsx';
import './groups.css';

const text = strings.groupDialog;

/** A group's name has at most as many bytes (SPEC.md §8.1); the state refuses what is longer. */
const NAME_LENGTH = 100;

/** What the dialogue for a group needs. */
export interface GroupDialogProps {
  /** The group to change; without one, a new group is made. */
  conversation?: Conversation;
  onClose: () => void;
  /** Called with the id of the new group, before the dialogue closes. */
  onCreated: (id: string) => void;
}

function othersIn(conversation: Conversation | undefined): Contact[] {
  return conversation?.members.filter(({ isSelf }) => !isSelf) ?? [];
}

function sameMembers(before: readonly Contact[], chosen: readonly string[]): boolean {
  return before.length === chosen.length && before.every(({ id }) => chosen.includes(id));
}

/** What stands in the way, in words for a person. */
function objection(before: readonly Contact[], chosen: readonly string[]): string | undefined {
  if (chosen.length === 0) return text.needed;
  return sameMembers(before, chosen) ? text.unchanged : undefined;
}

/** Makes a group, or goes on with other members in a new one. */
export function GroupDialog({ conversation, onClose, onCreated }: GroupDialogProps) {
  const contacts = useApp((state) => state.contacts);
  const { createGroup, changeMembers } = useActions();
  const before = othersIn(conversation);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState(before.filter(({ isFormer }) => !isFormer).map(({ id }) => id));
  const [fault, setFault] = useState<Fault>();
  const [complaint, setComplaint] = useState<string>();
  const [busy, setBusy] = useState(false);
  const form = useId();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const objected = objection(before, chosen);
    setComplaint(objected);
    if (objected !== undefined || busy) return;
    setBusy(true);
    const made = await (conversation === undefined
      ? createGroup(name.trim(), chosen)
      : changeMembers(conversation.id, chosen));
    setBusy(false);
    if ('fault' in made) return setFault(made.fault);
    onCreated(made.id);
    onClose();
  };
  const choose = (ids: string[]) => {
    setChosen(ids);
    setComplaint(undefined);
    setFault(undefined);
  };
  const nameFault = fault?.code === 'name_invalid' ? fault : undefined;
  const isNew = conversation === undefined;
  return (
    <Dialog
      firm
      title={isNew ? text.create : `${text.change}: ${titleOf(conversation)}`}
      lead={isNew ? text.createLead : text.changeLead}
      onClose={onClose}
      testId="group-dialog"
      footer={
        <>
          <div className="group-objection">
            {complaint && (
              <p className="field-error" role="alert">
                {complaint}
              </p>
            )}
            {fault && !nameFault && <FaultNote fault={fault} />}
          </div>
          <Button onClick={onClose}>{strings.kit.cancel}</Button>
          <Button tone="primary" type="submit" form={form} busy={busy} data-testid="group-submit">
            {isNew ? text.submit : text.submitChange}
          </Button>
        </>
      }
    >
      <form id={form} className="group-form" onSubmit={submit}>
        {isNew ? (
          <TextField
            label={text.name}
            hint={text.nameHint}
            value={name}
            maxLength={NAME_LENGTH}
            error={nameFault?.message}
            onChange={(value) => {
              setName(value);
              setFault(undefined);
            }}
            testId="group-name"
          />
        ) : (
          <GroupChange before={before} contacts={contacts} chosen={chosen} />
        )}
        <GroupMembers contacts={contacts} chosen={chosen} onChange={choose} />
      </form>
    </Dialog>
  );
}
