import type { RefObject } from 'react';
import { useEffect, useRef } from 'react';
import './tile.css';

/** What a picture that moves needs. */
export interface StreamVideoProps {
  stream: MediaStream;
  /** As in a mirror: for one's own camera. */
  mirrored?: boolean;
  /** All of it, with bars where it does not fill its place: for screens. */
  whole?: boolean;
  element?: RefObject<HTMLVideoElement | null>;
}

/** The picture of a stream. It is always silent: sound plays in {@link Voices}, whatever is shown. */
export function StreamVideo({ stream, mirrored = false, whole = false, element }: StreamVideoProps) {
  const own = useRef<HTMLVideoElement>(null);
  const video = element ?? own;
  useEffect(() => {
    const { current } = video;
    if (current === null) return;
    current.srcObject = stream;
    // Refused where the element went away meanwhile; what is silent may always play.
    current.play().catch(() => {});
    return () => {
      current.srcObject = null;
    };
  }, [video, stream]);
  return (
    <video
      ref={video}
      className="stream-video"
      data-mirrored={mirrored}
      data-whole={whole}
      muted
      autoPlay
      playsInline
      tabIndex={-1}
      aria-hidden="true"
    />
  );
}
