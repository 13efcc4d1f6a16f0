import type { RefObject } from 'react';
import { useEffect } from 'react';

/**
 * Moves the focus to an element when it first appears.
 * @param pointer only where this is the main way to point: focusing a field on a touch screen opens its keyboard
 */
export function useInitialFocus(element: RefObject<HTMLElement | null>, pointer: 'coarse' | 'fine'): void {
  useEffect(() => {
    const coarse = window.matchMedia('(pointer: coarse)').matches;
    if (coarse === (pointer === 'coarse')) element.current?.focus({ preventScroll: true });
  }, [element, pointer]);
}
