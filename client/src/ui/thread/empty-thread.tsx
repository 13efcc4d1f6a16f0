import { EmptyState } from '../kit/state.tsx';
import { strings } from '../strings.ts';
import './thread.css';

/** Stands where a thread would, until one is chosen. */
export function EmptyThread() {
  return (
    <main className="thread thread-none">
      <EmptyState title={strings.conversations.choose}>
        <p>{strings.conversations.chooseLead}</p>
      </EmptyState>
    </main>
  );
}
