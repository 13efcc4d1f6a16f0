import type { Ref } from 'react';
import { useRef, useState } from 'react';
import type { Contact, RosterNews as News } from '../../state/model.ts';
import { useActions, useApp } from '../context.tsx';
import { Avatar } from '../kit/avatar.tsx';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Note } from '../kit/note.tsx';
import { SaveIdentityDialog } from '../settings/save-identity-dialog.tsx';
import { strings } from '../strings.ts';
import './roster.css';

const text = strings.roster;

function Change({ contact, title, lead }: { contact: Contact; title: string; lead: string }) {
  return (
    <li>
      <Avatar contact={contact} size="s" />
      <p>
        <strong>{title}</strong>
        {lead}
      </p>
    </li>
  );
}

function Changes({ news: { added, removed, replaced }, ref }: { news: News; ref: Ref<HTMLUListElement> }) {
  return (
    <ul ref={ref} className="roster-changes" tabIndex={-1}>
      {replaced.map(({ after }) => (
        <Change key={after.id} contact={after} title={text.replaced(after.name)} lead={text.replacedLead} />
      ))}
      {added.map((contact) => (
        <Change key={contact.id} contact={contact} title={text.added(contact.name)} lead={text.addedLead} />
      ))}
      {removed.map((contact) => (
        <Change
          key={contact.id}
          contact={contact}
          title={text.removed(contact.name)}
          lead={text.removedLead}
        />
      ))}
    </ul>
  );
}

/** Tells who is new, gone, or has another key, once the circle has changed. Nothing while there are no news. */
export function RosterNews() {
  const news = useApp((state) => state.roster.news);
  const isNewerThanFile = useApp((state) => state.roster.isNewerThanFile);
  const { dismissRosterNews } = useActions();
  const [saving, setSaving] = useState(false);
  // It appears unasked: a key that is being typed must not end it.
  const changes = useRef<HTMLUListElement>(null);
  if (news === undefined) return null;
  return (
    <Dialog
      firm
      title={text.title}
      lead={text.lead(news.serial)}
      onClose={() => dismissRosterNews()}
      initialFocus={changes}
      testId="roster-news"
      footer={
        <>
          {isNewerThanFile && (
            <Button data-testid="roster-save-identity" onClick={() => setSaving(true)}>
              {text.save}
            </Button>
          )}
          <Button tone="primary" data-testid="roster-dismiss" onClick={() => dismissRosterNews()}>
            {text.dismiss}
          </Button>
        </>
      }
    >
      <Changes ref={changes} news={news} />
      {isNewerThanFile && <Note icon="file">{text.file}</Note>}
      {saving && <SaveIdentityDialog onClose={() => setSaving(false)} />}
    </Dialog>
  );
}
