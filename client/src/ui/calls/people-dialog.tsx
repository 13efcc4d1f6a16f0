import type { ReactNode } from 'react';
import { useState } from 'react';
import type { Contact, Fault } from '../../state/model.ts';
import { matches } from '../groups/matches.ts';
import { Dialog } from '../kit/dialog.tsx';
import { FaultNote } from '../kit/fault-note.tsx';
import { MemberPicker } from '../kit/member-picker.tsx';
import { SearchField } from '../kit/search-field.tsx';
import { strings } from '../strings.ts';
import '../groups/groups.css';

const text = strings.people;

/** What a dialogue that picks people for a call needs. */
export interface PeopleDialogProps {
  title: string;
  lead: string;
  people: readonly Contact[];
  chosen: readonly string[];
  onChoose: (ids: string[]) => void;
  /** Something to know about the choice. */
  note?: string | undefined;
  fault: Fault | undefined;
  footer: ReactNode;
  onClose: () => void;
}

/** Members of the circle to pick for a call. */
export function PeopleDialog(props: PeopleDialogProps) {
  const { title, lead, people, chosen, onChoose, note, fault, footer, onClose } = props;
  const [query, setQuery] = useState('');
  const shown = people.filter((contact) => matches(contact, query));
  return (
    <Dialog title={title} lead={lead} onClose={onClose} footer={footer} testId="call-people">
      {people.length === 0 ? (
        <p className="group-none">{text.nobodyLeft}</p>
      ) : (
        <>
          <SearchField label={text.find} value={query} onChange={setQuery} testId="call-people-find" />
          {shown.length === 0 ? (
            <p className="group-none" role="status">
              {text.none}
            </p>
          ) : (
            <MemberPicker
              label={text.list}
              members={shown}
              chosen={chosen}
              onChange={onChoose}
              testId="call-person"
            />
          )}
        </>
      )}
      {note && <p className="field-hint">{note}</p>}
      {fault && <FaultNote fault={fault} />}
    </Dialog>
  );
}
