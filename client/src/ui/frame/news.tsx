import type { Contact, RosterNews } from '../../state/model.ts';
import { useActions, useApp } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { Note } from '../kit/note.tsx';
import { strings } from '../strings.ts';

const text = strings.news;

function names(contacts: readonly Contact[]): string {
  return contacts.map(({ name }) => name).join(', ');
}

function RosterNote({ news: { added, removed, replaced } }: { news: RosterNews }) {
  const { dismissRosterNews } = useActions();
  return (
    <Note
      tone={replaced.length > 0 ? 'warn' : 'plain'}
      icon="group"
      title={text.roster}
      testId="roster-news"
      actions={
        <Button small onClick={dismissRosterNews}>
          {text.dismiss}
        </Button>
      }
    >
      {replaced.map(({ after }) => (
        <p key={after.id}>{text.replaced(after.name)}</p>
      ))}
      {added.length > 0 && <p>{text.added(names(added))}</p>}
      {removed.length > 0 && <p>{text.removed(names(removed))}</p>}
    </Note>
  );
}

/** What changed around the conversations: the circle, or what may have been missed. */
export function News() {
  const { news, held } = useApp((state) => state.roster);
  const absent = useApp((state) => state.absentSince !== undefined);
  const { dismissAbsence } = useActions();
  return (
    <div className="news" role="status">
      {held && (
        <Note tone="warn" icon="warning" title={text.held} testId="roster-held">
          <p>{held.message}</p>
        </Note>
      )}
      {news && <RosterNote news={news} />}
      {absent && (
        <Note
          icon="hourglass"
          testId="absence"
          actions={
            <Button small onClick={dismissAbsence}>
              {text.dismiss}
            </Button>
          }
        >
          <p>{text.absence}</p>
        </Note>
      )}
    </div>
  );
}
