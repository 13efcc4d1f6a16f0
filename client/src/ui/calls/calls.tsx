import { useCallback, useState } from 'react';
import { useActions, useApp } from '../context.tsx';
import { CallAnnouncer } from './call-announcer.tsx';
import { CallScreen } from './call-screen.tsx';
import { Lobby } from './lobby.tsx';
import { PictureInPictureSource, usePictureInPicture } from './picture-in-picture.tsx';
import { Ringing } from './ringing.tsx';
import { SmallCall } from './small-call.tsx';
import type { CallView } from './use-call-view.ts';
import { usePushToTalk } from './use-shortcuts.ts';
import { Voices } from './voices.tsx';

/** All of calls that is not part of a conversation: the lobby, what rings, and the call this page is in, large or small, with its sound. */
export function Calls({ view }: { view: CallView }) {
  const lobby = useApp(({ calls }) => calls.lobby);
  const call = useApp(({ calls }) => calls.active);
  const isPushToTalk = useApp(({ settings }) => settings.pushToTalk);
  const { setTalking, playSound } = useActions();
  const [attempt, setAttempt] = useState(0);
  const [isBlocked, setBlocked] = useState(false);
  const pip = usePictureInPicture(view.main);
  const block = useCallback(() => setBlocked(true), []);
  const isLive = call !== undefined && call.phase !== 'ended';
  usePushToTalk(isLive && isPushToTalk, view.isFull, setTalking);

  const hear = () => {
    setBlocked(false);
    setAttempt((number) => number + 1);
    playSound();
  };
  const needsClick = call !== undefined && (call.needsClick || isBlocked);
  return (
    <>
      {call && view.isFull && (
        <CallScreen key={call.id} call={call} view={view} pip={pip} needsClick={needsClick} onHear={hear} />
      )}
      {call && !view.isFull && <SmallCall call={call} view={view} needsClick={needsClick} onHear={hear} />}
      {isLive && <Voices participants={call.participants} attempt={attempt} onBlocked={block} />}
      {isLive && <PictureInPictureSource pip={pip} />}
      {lobby && <Lobby lobby={lobby} />}
      <Ringing />
      <CallAnnouncer />
    </>
  );
}
