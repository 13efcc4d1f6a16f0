import { useEffect, useRef } from 'react';

/** What keys do while a call fills the window. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** Where keys write, or belong to what is open. */
const TAKEN =
  'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';
const PRESSED = 'button, a, summary, [role="button"], [role="switch"], [role="checkbox"], audio, video';

function isTaken({ target }: KeyboardEvent, more = ''): boolean {
  return target instanceof Element && target.closest(TAKEN + more) !== null;
}

/** Single keys that do something; never while one types, and never with Ctrl, Alt or Meta. */
export function useShortcuts(shortcuts: Shortcuts | undefined): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const keyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
      const act = latest.current?.[event.key.toLowerCase()];
      if (act === undefined || isTaken(event)) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', keyDown);
    return () => document.removeEventListener('keydown', keyDown);
  }, []);
}

/**
 * Tells when the space bar is held, to talk. Where a call fills the window it presses no button then (Enter does); beside conversations it keeps to
 * what it is for elsewhere.
 */
export function usePushToTalk(isOn: boolean, isFull: boolean, setTalking: (talking: boolean) => void): void {
  useEffect(() => {
    if (!isOn) return;
    let isTalking = false;
    const talk = (talking: boolean) => {
      if (talking === isTalking) return;
      isTalking = talking;
      setTalking(talking);
    };
    const isMine = (event: KeyboardEvent) =>
      event.key === ' ' && !isTaken(event, isFull ? '' : `, ${PRESSED}`);
    const keyDown = (event: KeyboardEvent) => {
      if (!isMine(event) || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      talk(true);
    };
    const keyUp = (event: KeyboardEvent) => {
      if (event.key !== ' ' || !isTalking) return;
      event.preventDefault();
      talk(false);
    };
    // A key that is let go elsewhere is not told here.
    const stop = () => talk(false);
    document.addEventListener('keydown', keyDown, true);
    document.addEventListener('keyup', keyUp, true);
    window.addEventListener('blur', stop);
    document.addEventListener('visibilitychange', stop);
    return () => {
      stop();
      document.removeEventListener('keydown', keyDown, true);
      document.removeEventListener('keyup', keyUp, true);
      window.removeEventListener('blur', stop);
      document.removeEventListener('visibilitychange', stop);
    };
  }, [isOn, isFull, setTalking]);
}
