import { useState } from 'react';
import { useActions, useApp } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import '../connection/connection.css';

const text = strings.held;

/** Says why nothing is sent while somebody uses a newer roster than this member could get. Nothing else. */
export function RosterHeld() {
  const held = useApp((state) => state.roster.held);
  const { fetchRoster } = useActions();
  const [busy, setBusy] = useState(false);
  if (held === undefined) return null;
  const ask = async () => {
    setBusy(true);
    await fetchRoster();
    setBusy(false);
  };
  return (
    <div className="banner" data-status="offline" data-testid="roster-held" data-code={held.code}>
      <Icon name="warning" />
      <p>
        <strong>{text.title}</strong> {held.message}
      </p>
      <Button small busy={busy} data-testid="roster-ask" onClick={ask}>
        {text.ask}
      </Button>
    </div>
  );
}
