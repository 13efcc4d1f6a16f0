import type { Contact } from '../../state/model.ts';
import { Note } from '../kit/note.tsx';
import { strings } from '../strings.ts';

const text = strings.groupDialog;

function names(contacts: readonly Contact[]): string {
  return contacts.map(({ name }) => name).join(', ');
}

/** What a change of members will mean, and what is changed so far. */
export function GroupChange({
  before,
  contacts,
  chosen,
}: {
  /** The others in the group as it is. */
  before: readonly Contact[];
  contacts: readonly Contact[];
  /** Ids. */
  chosen: readonly string[];
}) {
  const former = before.filter(({ isFormer }) => isFormer);
  const added = contacts.filter(({ id }) => chosen.includes(id) && !before.some((it) => it.id === id));
  const removed = before.filter(({ id, isFormer }) => !isFormer && !chosen.includes(id));
  return (
    <>
      <ul className="group-facts">
        {text.changeFacts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      {former.length > 0 && <Note icon="info">{text.formerLead(names(former))}</Note>}
      <div className="group-change" role="status" data-testid="group-change">
        {added.length > 0 && <p>{text.added(names(added))}</p>}
        {removed.length > 0 && <p>{text.removed(names(removed))}</p>}
      </div>
    </>
  );
}
