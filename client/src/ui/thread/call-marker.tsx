import type { CallItem } from '../../state/model.ts';

/** A call that began in this conversation. */
export function CallMarker({ call }: { call: CallItem }) {
  return (
    <p className="event" data-testid="call-item" data-outcome={call.outcome}>
      {call.author.name}
    </p>
  );
}
