import { useEffect, useRef } from 'react';
import type { Participant } from '../../state/model.ts';
import { useApp } from '../context.tsx';

interface VoiceProps {
  stream: MediaStream;
  volume: number;
  silent: boolean;
  /** Of the loudspeaker; undefined for the browser's own choice. */
  speaker: string | undefined;
  /** Another number is another attempt to play. */
  attempt: number;
  onBlocked: () => void;
}

function Voice({ stream, volume, silent, speaker, attempt, onBlocked }: VoiceProps) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    if (audio.current) audio.current.srcObject = stream;
  }, [stream]);
  useEffect(() => {
    if (audio.current) audio.current.volume = Math.min(1, Math.max(0, volume));
  }, [volume]);
  useEffect(() => {
    // Not every browser lets one choose. One that is gone leaves the sound where it was.
    if (audio.current && 'setSinkId' in audio.current) audio.current.setSinkId(speaker ?? '').catch(() => {});
  }, [speaker]);
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
  const common = { silent: deafened, speaker, attempt, onBlocked };
  return participants
    .filter(({ isSelf }) => !isSelf)
    .flatMap(({ contact: { id }, voice, screen, volume }) => [
      voice && <Voice key={`${id} voice`} stream={voice} volume={volume} {...common} />,
      screen && <Voice key={`${id} screen`} stream={screen} volume={volume} {...common} />,
    ]);
}
