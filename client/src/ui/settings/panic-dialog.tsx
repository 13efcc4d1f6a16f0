import { useActions } from '../context.tsx';
import { ConfirmDialog } from '../kit/confirm-dialog.tsx';
import { strings } from '../strings.ts';
import './settings.css';

const text = strings.panic;

function Facts({ title, facts }: { title: string; facts: readonly string[] }) {
  return (
    <div className="panic-facts">
      <h3>{title}</h3>
      <ul>
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
    </div>
  );
}

/** Says what the emergency does and does not do, and asks before it. */
export function PanicDialog({ onClose }: { onClose: () => void }) {
  const { panic } = useActions();
  return (
    <ConfirmDialog
      title={text.title}
      lead={text.lead}
      choices={[{ label: text.confirm, tone: 'danger', testId: 'panic-confirm', act: panic }]}
      onClose={onClose}
    >
      <Facts title={text.does} facts={text.doesItems} />
      <Facts title={text.doesNot} facts={text.doesNotItems} />
    </ConfirmDialog>
  );
}
