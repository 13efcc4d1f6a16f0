import type { PointerEvent } from 'react';
import { useEffect, useRef } from 'react';

/** Milliseconds. */
const LONG = 500;

/** A finger may tremble so far. Pixels. */
const STILL = 10;

/** Handlers for an element on which a finger may rest. */
export interface LongPress {
  onPointerDown: (event: PointerEvent) => void;
  onPointerMove: (event: PointerEvent) => void;
  onPointerUp: () => void;
  onPointerCancel: () => void;
}

/** Tells of a finger that rests on an element; a mouse has its right button for that. */
export function useLongPress(onPress: (x: number, y: number) => void): LongPress {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const start = useRef({ x: 0, y: 0 });
  const stop = () => clearTimeout(timer.current);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    onPointerDown: ({ pointerType, clientX: x, clientY: y }) => {
      stop();
      if (pointerType !== 'touch') return;
      start.current = { x, y };
      timer.current = setTimeout(() => onPress(x, y), LONG);
    },
    onPointerMove: ({ clientX, clientY }) => {
      const { x, y } = start.current;
      if (Math.hypot(clientX - x, clientY - y) > STILL) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
  };
}
