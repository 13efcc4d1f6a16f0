import { useRef, useState } from 'react';
import type { CallItem, Fault } from '../../state/model.ts';
import { callWords, clock } from '../calls/words.ts';
import { useActions, useApp } from '../context.tsx';
import { timeOfDay } from '../format.ts';
import { FaultNote } from '../kit/fault-note.tsx';
import { Icon } from '../kit/icon.tsx';
import { OpenPopover } from '../kit/popover.tsx';
import { strings } from '../strings.ts';
import './call-marker.css';

const text = strings.callItem;

/** Joins a call that goes on, or tells why not. */
function Act({ call, onFault }: { call: CallItem; onFault: (fault: Fault | undefined) => void }) {
  const known = useApp(({ calls }) => calls.known.find(({ id }) => id === call.callId));
  const isIn = useApp(({ calls }) => calls.active !== undefined && calls.active.phase !== 'ended');
  const { prepareJoin } = useActions();
  if (call.outcome !== 'ongoing' || known === undefined || isIn) return null;
  return (
    <button
      type="button"
      className="link-button"
      data-testid="call-item-join"
      onClick={async () => onFault(await prepareJoin(call.callId, call.camera))}
    >
      {text.join}
    </button>
  );
}

/** A call that began in this conversation, and what became of it. */
export function CallMarker({ call }: { call: CallItem }) {
  const words = callWords(call);
  const item = useRef<HTMLDivElement>(null);
  // Kept here, since there is nothing to join any more where the call is over.
  const [fault, setFault] = useState<Fault>();
  return (
    <div ref={item} className="call-item" data-testid="call-item" data-outcome={call.outcome}>
      <Icon name={call.camera ? 'video' : 'phone'} />
      <p>
        <strong>{call.own ? words : text.by(call.author.name, words)}</strong>
        <span>
          {call.seconds !== undefined && call.outcome === 'answered' && `${clock(call.seconds * 1000)} · `}
          <time dateTime={new Date(call.at).toISOString()}>{timeOfDay(call.at)}</time>
        </span>
      </p>
      <Act call={call} onFault={setFault} />
      {fault && item.current && (
        <OpenPopover
          anchor={item.current}
          onClose={() => setFault(undefined)}
          returnTo={() => item.current?.querySelector('button') ?? null}
        >
          <FaultNote fault={fault} />
        </OpenPopover>
      )}
    </div>
  );
}
