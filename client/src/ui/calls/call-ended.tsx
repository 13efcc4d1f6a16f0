import { useEffect } from 'react';
import type { ActiveCall } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { Avatar, GroupAvatar } from '../kit/avatar.tsx';
import { Button } from '../kit/button.tsx';
import { strings } from '../strings.ts';

const text = strings.ended;

/** Milliseconds after which a call that was left on purpose goes from sight. */
const SHOWN = 5000;

function Who({ call }: { call: ActiveCall }) {
  const others = call.participants.filter(({ isSelf }) => !isSelf).map(({ contact }) => contact);
  const [only] = others;
  if (only && others.length === 1) return <Avatar contact={only} size="xl" />;
  return <GroupAvatar members={others} size="xl" />;
}

/** What became of a call: words, and a way on. */
export function Ended({ call }: { call: ActiveCall }) {
  const { dismissCall, prepareCall } = useActions();
  const ending = call.ending ?? 'left';
  const [title, lead] = text[ending];
  useEffect(() => {
    if (ending !== 'left') return;
    const timer = setTimeout(() => dismissCall(), SHOWN);
    return () => clearTimeout(timer);
  }, [ending, dismissCall]);
  const canRepeat = ending !== 'left' && ending !== 'moved' && ending !== 'alone';
  const again = async () => {
    const members = call.participants.filter(({ isSelf }) => !isSelf).map(({ contact }) => contact.id);
    const camera = call.participants.some(({ isSelf, hasCamera }) => isSelf && hasCamera);
    dismissCall();
    await prepareCall(
      call.conversationId === '' ? { members } : { conversationId: call.conversationId },
      camera,
    );
  };
  return (
    <div className="call-ended" role="status" data-testid="call-ended" data-ending={ending}>
      <Who call={call} />
      <strong>{title}</strong>
      {call.fault ? (
        <p data-testid="call-fault" data-code={call.fault.code}>
          {call.fault.message}
        </p>
      ) : (
        lead !== '' && <p>{lead}</p>
      )}
      <div className="call-ended-buttons">
        {canRepeat && (
          <Button icon="phone" data-testid="call-again" onClick={again}>
            {text.again}
          </Button>
        )}
        <Button tone="primary" data-testid="call-dismiss" onClick={() => dismissCall()}>
          {text.close}
        </Button>
      </div>
    </div>
  );
}
