import type { CallItem } from '../../state/model.ts';
import { callWords, clock } from '../calls/words.ts';
import { useActions, useApp } from '../context.tsx';
import { timeOfDay } from '../format.ts';
import { Icon } from '../kit/icon.tsx';
import { strings } from '../strings.ts';
import './call-marker.css';

const text = strings.callItem;

/** Joins a call that goes on. */
function Act({ call }: { call: CallItem }) {
  const known = useApp(({ calls }) => calls.known.find(({ id }) => id === call.callId));
  const isIn = useApp(({ calls }) => calls.active !== undefined && calls.active.phase !== 'ended');
  const { prepareJoin } = useActions();
  if (call.outcome !== 'ongoing' || known === undefined || isIn) return null;
  return (
    <button
      type="button"
      className="link-button"
      data-testid="call-item-join"
      onClick={() => prepareJoin(call.callId, call.camera)}
    >
      {text.join}
    </button>
  );
}

/** A call that began in this conversation, and what became of it. */
export function CallMarker({ call }: { call: CallItem }) {
  const words = callWords(call);
  return (
    <div className="call-item" data-testid="call-item" data-outcome={call.outcome}>
      <Icon name={call.camera ? 'video' : 'phone'} />
      <p>
        <strong>{call.own ? words : text.by(call.author.name, words)}</strong>
        <span>
          {call.seconds !== undefined && call.outcome === 'answered' && `${clock(call.seconds * 1000)} · `}
          <time dateTime={new Date(call.at).toISOString()}>{timeOfDay(call.at)}</time>
        </span>
      </p>
      <Act call={call} />
    </div>
  );
}
