import { useRef, useState } from 'react';
import type { Conversation, Fault } from '../../state/model.ts';
import { useActions, useApp } from '../context.tsx';
import { titleOf } from '../conversations/names.ts';
import { FaultNote } from '../kit/fault-note.tsx';
import { IconButton } from '../kit/icon-button.tsx';
import { OpenPopover } from '../kit/popover.tsx';
import { strings } from '../strings.ts';

const text = strings.call;

/** Whether a call can be made in a conversation: somebody else is in it, and it can be written to. */
function canCall({ kind, canWrite, members }: Conversation): boolean {
  return kind !== 'notes' && canWrite && members.some(({ isSelf }) => !isSelf);
}

/** Begins a call with the people of a conversation, or joins the one that goes on in it. */
export function CallButtons({ conversation }: { conversation: Conversation }) {
  const isSupported = useApp(({ calls }) => calls.isSupported);
  const isIn = useApp(({ calls }) => calls.active !== undefined && calls.active.phase !== 'ended');
  const known = useApp(({ calls }) => calls.known.find((call) => call.conversationId === conversation.id));
  const { prepareCall, prepareJoin } = useActions();
  const button = useRef<HTMLButtonElement>(null);
  const [fault, setFault] = useState<Fault>();
  const [busy, setBusy] = useState(false);
  if (!isSupported || !canCall(conversation)) return null;
  const begin = async (camera: boolean) => {
    setBusy(true);
    setFault(
      await (known
        ? prepareJoin(known.id, camera)
        : prepareCall({ conversationId: conversation.id }, camera)),
    );
    setBusy(false);
  };
  const title = titleOf(conversation);
  return (
    <>
      <IconButton
        ref={button}
        icon="phone"
        label={text.voice(title)}
        tip={isIn ? text.alreadyIn : text.voiceTip}
        disabled={isIn || busy}
        data-testid="call-voice"
        onClick={() => begin(false)}
      />
      <IconButton
        icon="video"
        label={text.video(title)}
        tip={isIn ? text.alreadyIn : text.videoTip}
        disabled={isIn || busy}
        data-testid="call-video"
        onClick={() => begin(true)}
      />
      {fault && button.current && (
        <OpenPopover
          anchor={button.current}
          onClose={() => setFault(undefined)}
          returnTo={() => button.current}
        >
          <FaultNote fault={fault} />
        </OpenPopover>
      )}
    </>
  );
}
