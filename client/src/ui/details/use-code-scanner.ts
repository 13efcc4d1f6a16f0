import type { RefObject } from 'react';
import { useEffect, useEffectEvent, useState } from 'react';
import type { CameraFault } from './camera.ts';
import { cameraFault, scanCodes } from './camera.ts';

/** How far the camera got. */
export type Camera = 'starting' | 'looking' | CameraFault;

/**
 * Looks for codes through the camera as long as the component is there.
 * @param attempt another number starts the camera anew
 * @param onCode called with each code that is seen
 */
export function useCodeScanner(
  video: RefObject<HTMLVideoElement | null>,
  attempt: number,
  onCode: (code: string) => void,
): Camera {
  const [camera, setCamera] = useState<Camera>('starting');
  const seen = useEffectEvent(onCode);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is a reason to start anew.
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    const ended = new AbortController();
    const { signal } = ended;
    setCamera('starting');
    const onStart = () => setCamera('looking');
    const code = (it: string) => !signal.aborted && seen(it);
    scanCodes({ video: element, signal, onStart, onCode: code }).catch((error: unknown) => {
      if (!signal.aborted) setCamera(cameraFault(error));
    });
    return () => ended.abort();
  }, [attempt, video]);
  return camera;
}
