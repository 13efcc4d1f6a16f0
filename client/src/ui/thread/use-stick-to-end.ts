import type { RefObject } from 'react';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { Conversation } from '../../state/model.ts';

/** Nearer to the end than this counts as being there. Pixels. */
const NEAR = 80;

/** Keeps a scrolled list at its end. */
export interface StickToEnd {
  /** The end is out of sight. */
  away: boolean;
  onScroll: () => void;
  toEnd: () => void;
  /** What was brought into sight is not the end: do not go back there. */
  leaveEnd: () => void;
}

/** Follows new items while the reader is at the end, or wrote the last one; leaves a reader of earlier ones alone. */
export function useStickToEnd(list: RefObject<HTMLElement | null>, items: Conversation['items']): StickToEnd {
  const [away, setAway] = useState(false);
  const atEnd = useRef(true);
  const count = useRef(0);

  const onScroll = useCallback(() => {
    const element = list.current;
    if (element === null) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    setAway(!atEnd.current);
  }, [list]);

  const toEnd = useCallback(() => {
    const element = list.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
    onScroll();
  }, [list, onScroll]);

  useLayoutEffect(() => {
    const last = items.at(-1);
    const wrote = items.length > count.current && last?.type === 'message' && last.own;
    count.current = items.length;
    if (atEnd.current || wrote) toEnd();
  }, [items, toEnd]);

  const leaveEnd = useCallback(() => {
    atEnd.current = false;
    onScroll();
  }, [onScroll]);

  // The room shrinks and grows with the composer and the window, and its content as files are shown and guessed heights become true ones.
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) toEnd();
    });
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, [list, toEnd]);

  return { away, onScroll, toEnd, leaveEnd };
}
