import { useState } from 'react';
import type { ActiveCall, Fault } from '../../state/model.ts';
import { useActions, useApp } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { strings } from '../strings.ts';
import { PeopleDialog } from './people-dialog.tsx';

const text = strings.people;

/** People in a call up to which cameras are sent, this member included. */
const WITH_CAMERAS = 8;

/** Lets others take part in the call this page is in. */
export function AddDialog({ call, onClose }: { call: ActiveCall; onClose: () => void }) {
  const contacts = useApp((state) => state.contacts);
  const { addToCall } = useActions();
  const [chosen, setChosen] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const people = contacts.filter(({ id }) => !call.participants.some(({ contact }) => contact.id === id));
  const add = async () => {
    setBusy(true);
    const refused = await addToCall(chosen);
    setBusy(false);
    setFault(refused);
    if (refused === undefined) onClose();
  };
  return (
    <PeopleDialog
      title={text.addTitle}
      lead={text.addLead}
      people={people}
      chosen={chosen}
      onChoose={setChosen}
      note={call.participants.length + chosen.length > WITH_CAMERAS ? text.many : undefined}
      fault={fault}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{strings.kit.cancel}</Button>
          <Button
            tone="primary"
            busy={busy}
            disabled={chosen.length === 0}
            data-testid="call-add-submit"
            onClick={add}
          >
            {text.add}
          </Button>
        </>
      }
    />
  );
}
