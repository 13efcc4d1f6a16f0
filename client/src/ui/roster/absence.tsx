import { useActions, useApp, useMessenger } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import '../connection/connection.css';

const text = strings.absence;

const DAY = 86_400_000;

/** Says that messages may have expired unseen, after an absence longer than they live. Nothing else. */
export function Absence() {
  const since = useApp((state) => state.absentSince);
  const { dismissAbsence } = useActions();
  const { now } = useMessenger();
  if (since === undefined) return null;
  return (
    <div className="banner" data-testid="absence">
      <Icon name="hourglass" />
      <p>{text.lead(Math.max(1, Math.floor((now() - since) / DAY)))}</p>
      <Button small data-testid="absence-dismiss" onClick={() => dismissAbsence()}>
        {text.dismiss}
      </Button>
    </div>
  );
}
