import { useCallback, useEffect, useRef } from 'react';
import type { Participant } from '../../state/model.ts';
import { useActions, useApp } from '../context.tsx';

interface VoiceProps {
  stream: MediaStream;
  volume: number;
  silent: boolean;
  /** Of the loudspeaker; undefined for the browser's own choice. */
  speaker: string | undefined;
  /** Another number is another attempt to play. */
  attempt: number;
  onBlocked: () => void;
  /** It cannot be played on that loudspeaker, and is on the usual one. */
  onRefused: () => void;
}

function Voice({ stream, volume, silent, speaker, attempt, onBlocked, onRefused }: VoiceProps) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    if (audio.current) audio.current.srcObject = stream;
  }, [stream]);
  useEffect(() => {
    if (audio.current) audio.current.volume = Math.min(1, Math.max(0, volume));
  }, [volume]);
  useEffect(() => {
    if (speaker === undefined) return;
    audio.current?.setSinkId(speaker).catch((error: unknown) => {
      // One attempt gives way to the next.
      if (!(error instanceof DOMException && error.name === 'AbortError')) onRefused();
    });
  }, [speaker, onRefused]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another stream and another attempt play anew.
  useEffect(() => {
    audio.current?.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') onBlocked();
    });
  }, [stream, attempt, onBlocked]);
  return <audio ref={audio} autoPlay muted={silent} data-testid="voice" />;
}

/** What everyone else says, and the sound of their screens. It stands in the frame, so that it goes on whatever is shown. */
export function Voices({
  participants,
  attempt,
  onBlocked,
}: {
  participants: readonly Participant[];
  attempt: number;
  onBlocked: () => void;
}) {
  const deafened = useApp((state) => state.calls.own.deafened);
  const speaker = useApp((state) => state.calls.own.devices.speaker);
  const { chooseDevice } = useActions();
  const onRefused = useCallback(() => void chooseDevice('speaker', undefined), [chooseDevice]);
  const common = { silent: deafened, speaker, attempt, onBlocked, onRefused };
  // An element whose loudspeaker has vanished takes no other one in some browsers: each choice gets a new one.
  const keyOf = (id: string, line: string) => `${id} ${line} ${speaker}`;
  return participants
    .filter(({ isSelf }) => !isSelf)
    .flatMap(({ contact: { id }, voice, screenSound, volume }) => [
      voice && <Voice key={keyOf(id, 'voice')} stream={voice} volume={volume} {...common} />,
      screenSound && <Voice key={keyOf(id, 'screen')} stream={screenSound} volume={volume} {...common} />,
    ]);
}
