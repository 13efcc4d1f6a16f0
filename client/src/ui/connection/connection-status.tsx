import { useApp } from '../context.tsx';
import { strings } from '../strings.ts';
import './connection.css';

/** The way to the relay in one word. */
export function ConnectionStatus() {
  const { status } = useApp((state) => state.connection);
  return (
    <span className="connection" role="status" data-testid="connection" data-status={status}>
      {strings.connection[status]}
    </span>
  );
}
