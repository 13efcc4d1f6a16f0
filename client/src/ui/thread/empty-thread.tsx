import { Logo } from '../kit/logo.tsx';
import { strings } from '../strings.ts';
import './thread.css';

/** Stands where a thread would, until one is chosen. */
export function EmptyThread() {
  return (
    <main className="thread thread-none">
      <Logo />
      <strong>{strings.conversations.choose}</strong>
      <p>{strings.conversations.chooseLead}</p>
    </main>
  );
}
