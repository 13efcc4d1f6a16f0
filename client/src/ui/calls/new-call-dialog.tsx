import { useState } from 'react';
import type { Fault } from '../../state/model.ts';
import { useActions, useApp } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { strings } from '../strings.ts';
import { PeopleDialog } from './people-dialog.tsx';

const text = strings.people;

/** Others in a call up to which cameras are sent. */
const WITH_CAMERAS = 7;

/** Begins a call with people who are picked one by one. */
export function NewCallDialog({ onClose }: { onClose: () => void }) {
  const contacts = useApp((state) => state.contacts);
  const { prepareCall } = useActions();
  const [chosen, setChosen] = useState<string[]>([]);
  const [fault, setFault] = useState<Fault>();
  const isCrowd = chosen.length > WITH_CAMERAS;
  const begin = async (camera: boolean) => {
    const refused = await prepareCall({ members: chosen }, camera);
    setFault(refused);
    if (refused === undefined) onClose();
  };
  return (
    <PeopleDialog
      title={text.title}
      lead={text.lead}
      people={contacts}
      chosen={chosen}
      onChoose={setChosen}
      note={isCrowd ? text.many : undefined}
      fault={fault}
      onClose={onClose}
      footer={
        <>
          <Button
            icon="phone"
            disabled={chosen.length === 0}
            data-testid="new-call-voice"
            onClick={() => begin(false)}
          >
            {text.voice}
          </Button>
          <Button
            tone="primary"
            icon="video"
            disabled={chosen.length === 0 || isCrowd}
            data-testid="new-call-video"
            onClick={() => begin(true)}
          >
            {text.video}
          </Button>
        </>
      }
    />
  );
}
