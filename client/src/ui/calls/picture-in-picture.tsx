import type { RefObject } from 'react';
import { useEffect, useRef, useState } from 'react';
import type { StageTile } from './arrange.ts';
import { StreamVideo } from './stream-video.tsx';

/** A picture of the call above other windows. */
export interface PictureInPicture {
  isSupported: boolean;
  /** There is something to show. */
  hasPicture: boolean;
  isOpen: boolean;
  toggle: () => void;
  stream: MediaStream | undefined;
  element: RefObject<HTMLVideoElement | null>;
}

function pictureOf(main: StageTile | undefined): MediaStream | undefined {
  if (main === undefined) return undefined;
  const { kind, participant } = main;
  if (kind === 'screen') return participant.screen;
  return participant.hasCamera ? participant.camera : undefined;
}

/** Waits for the first frame, without which browsers refuse: whoever is shown large may have changed a moment ago. */
async function open(video: HTMLVideoElement): Promise<void> {
  if (video.readyState === HTMLMediaElement.HAVE_NOTHING)
    await new Promise((resolve) => video.addEventListener('loadedmetadata', resolve, { once: true }));
  await video.requestPictureInPicture();
}

/** Shows the large picture of a call above other windows, by what video elements offer for that. */
export function usePictureInPicture(main: StageTile | undefined): PictureInPicture {
  const element = useRef<HTMLVideoElement>(null);
  const [isOpen, setOpen] = useState(false);
  const stream = pictureOf(main);
  const hasPicture = stream !== undefined;
  // Where there was no picture, there was no element.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  useEffect(() => {
    const { current } = element;
    const change = () => setOpen(current !== null && document.pictureInPictureElement === current);
    current?.addEventListener('enterpictureinpicture', change);
    current?.addEventListener('leavepictureinpicture', change);
    change();
    return () => {
      current?.removeEventListener('enterpictureinpicture', change);
      current?.removeEventListener('leavepictureinpicture', change);
      // The browser goes on showing an element that this page has no more.
      if (current !== null && document.pictureInPictureElement === current)
        document.exitPictureInPicture().catch(() => {});
      setOpen(false);
    };
  }, [hasPicture]);
  const toggle = () => {
    const done = isOpen ? document.exitPictureInPicture() : element.current && open(element.current);
    // Refused where the picture went while its first frame was awaited.
    done?.catch(() => {});
  };
  const isSupported = typeof document !== 'undefined' && document.pictureInPictureEnabled === true;
  return { isSupported, hasPicture, isOpen, toggle, stream, element };
}

/** The element that goes above other windows. It is one of its own, so that it stays there whatever this page shows, and follows who speaks. */
export function PictureInPictureSource({ pip }: { pip: PictureInPicture }) {
  if (!pip.isSupported || pip.stream === undefined) return null;
  return (
    <div className="pip-source" aria-hidden="true">
      <StreamVideo stream={pip.stream} element={pip.element} />
    </div>
  );
}
