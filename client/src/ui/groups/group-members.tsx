import { useId, useState } from 'react';
import type { Contact } from '../../state/model.ts';
import { Button } from '../kit/button.tsx';
import { MemberPicker } from '../kit/member-picker.tsx';
import { SearchField } from '../kit/search-field.tsx';
import { strings } from '../strings.ts';
import { matches } from './matches.ts';

const text = strings.groupDialog;

function rosterLabel({ label, name }: Contact): string | undefined {
  return label === name ? undefined : text.label(label);
}

/** The members of the circle to choose from: found by name, label or number, or all at once. */
export function GroupMembers({
  contacts,
  chosen,
  onChange,
}: {
  contacts: readonly Contact[];
  /** Ids. */
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  const [query, setQuery] = useState('');
  const heading = useId();
  const shown = contacts.filter((contact) => matches(contact, query));
  const all = chosen.length === contacts.length;
  return (
    <section className="group-members" aria-labelledby={heading}>
      <div className="group-members-head">
        <h3 id={heading}>{text.members}</h3>
        <p role="status" data-testid="group-count">
          {text.count(chosen.length, contacts.length)}
        </p>
        <Button
          small
          tone="quiet"
          data-testid="group-everyone"
          onClick={() => onChange(all ? [] : contacts.map(({ id }) => id))}
        >
          {all ? text.nobody : text.everyone}
        </Button>
      </div>
      <SearchField label={text.find} value={query} onChange={setQuery} testId="group-find" />
      {shown.length === 0 ? (
        <p className="group-none" role="status">
          {text.none(query.trim())}
        </p>
      ) : (
        <MemberPicker
          label={text.members}
          members={shown}
          chosen={chosen}
          onChange={onChange}
          hint={rosterLabel}
          testId="group-member"
        />
      )}
    </section>
  );
}
