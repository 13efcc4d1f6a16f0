import { useEffect, useRef, useState } from 'react';
import type { Fault, KnownCall } from '../../state/model.ts';
import { useActions, useApp } from '../context.tsx';
import { namesOf } from '../conversations/names.ts';
import { Avatar } from '../kit/avatar.tsx';
import { Button } from '../kit/button.tsx';
import { FaultNote } from '../kit/fault-note.tsx';
import { IconButton } from '../kit/icon-button.tsx';
import { strings } from '../strings.ts';
import './ringing.css';

const text = strings.ringing;

function kindOf({ camera }: KnownCall): string {
  return camera ? text.video : text.voice;
}

function lead(call: KnownCall, groupName: string | undefined): string {
  const others = call.members.filter(({ id, isSelf }) => id !== call.from.id && !isSelf);
  const names = groupName || (others.length > 0 ? namesOf([call.from, ...others]) : '');
  return names === '' ? kindOf(call) : text.withOthers(kindOf(call), names);
}

function RingingCall({ call }: { call: KnownCall }) {
  const { answerCall, declineCall, silenceCall } = useActions();
  const conversation = useApp(({ conversations }) =>
    conversations.find(({ id }) => id === call.conversationId),
  );
  const [fault, setFault] = useState<Fault>();
  const answer = async (camera: boolean) => setFault(await answerCall(call.id, camera));
  const groupName = conversation?.kind === 'group' ? conversation.name : undefined;
  return (
    <li className="ringing-call" data-testid="ringing" data-call={call.id}>
      <span className="ringing-avatar">
        <Avatar contact={call.from} size="l" />
      </span>
      <div className="ringing-words">
        <strong>{call.from.name}</strong>
        <p>{lead(call, groupName)}</p>
      </div>
      <IconButton
        icon="bell-off"
        label={text.silence}
        data-testid="ring-silence"
        onClick={() => silenceCall(call.id)}
      />
      <div className="ringing-buttons">
        <Button tone="danger" icon="hang-up" data-testid="ring-decline" onClick={() => declineCall(call.id)}>
          {text.decline}
        </Button>
        <Button tone="primary" icon="phone" data-testid="ring-accept" onClick={() => answer(false)}>
          {text.accept}
        </Button>
        <Button tone="primary" icon="video" data-testid="ring-accept-camera" onClick={() => answer(true)}>
          {text.acceptCamera}
        </Button>
      </div>
      {fault && <FaultNote fault={fault} />}
    </li>
  );
}

/**
 * Calls that ring in this window, above everything, dialogues too. They take no focus: somebody who types must not answer by it.
 */
export function Ringing() {
  const known = useApp(({ calls }) => calls.known);
  const calls = known.filter(({ phase }) => phase === 'ringing');
  const list = useRef<HTMLElement>(null);
  const isRinging = calls.length > 0;
  useEffect(() => {
    if (isRinging) list.current?.showPopover();
  }, [isRinging]);
  if (!isRinging) return null;
  return (
    <section ref={list} className="ringing" popover="manual" aria-label={text.list} aria-live="polite">
      <p className="visually-hidden" role="alert">
        {calls.map((call) => text.announce(kindOf(call), call.from.name)).join('. ')}
      </p>
      <ul>
        {calls.map((call) => (
          <RingingCall key={call.id} call={call} />
        ))}
      </ul>
    </section>
  );
}
