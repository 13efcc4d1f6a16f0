import type { KeyboardEvent } from 'react';

/** How long a message that was jumped to stays marked. Milliseconds. */
const MARKED = 2000;

function messagesIn(list: Element): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('.message')];
}

/** The element of a message, where it is on the page. */
export function messageElement(key: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`.message[data-key="${CSS.escape(key)}"]`);
}

/** Where one writes, where that is on the page. */
export function composerElement(): HTMLElement | null {
  return document.querySelector<HTMLElement>('.composer textarea');
}

/** Arrow keys on the list, or on a message, go to the message before or after; first to the last one. */
export function moveBetweenMessages(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const { target, currentTarget } = event;
  if (step === undefined || !(target instanceof HTMLElement)) return;
  if (target !== currentTarget && !target.matches('.message')) return;
  const messages = messagesIn(currentTarget);
  const next = target === currentTarget ? messages.at(-1) : messages[messages.indexOf(target) + step];
  event.preventDefault();
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: 'nearest' });
}

/**
 * Brings a message into sight, focuses it and marks it for a moment. It is done on the element itself: no message is rendered for it.
 * @returns whether it is here
 */
export function flash(key: string): boolean {
  const message = messageElement(key);
  if (message === null) return false;
  message.scrollIntoView({ block: 'center' });
  message.focus({ preventScroll: true });
  message.dataset.flash = 'true';
  // Heights above were guesses until now; once they are known, it may have moved.
  requestAnimationFrame(() => message.scrollIntoView({ block: 'center' }));
  setTimeout(() => {
    delete message.dataset.flash;
  }, MARKED);
  return true;
}
