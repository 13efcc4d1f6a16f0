import type { RefObject } from 'react';
import { useLayoutEffect } from 'react';

/** Makes a text area as high as its text; the style sheet says where that ends. */
export function useAutosize(area: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = area.current;
    if (element === null || element.value !== text) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + element.offsetHeight - element.clientHeight}px`;
  }, [area, text]);
}
