import { createContext, useContext } from 'react';
import type { MessageItem } from '../../state/model.ts';
import type { Anchor, ReturnTo } from '../kit/menu.tsx';

/** What opens beside a message. */
export type PopupKind = 'menu' | 'react' | 'info' | 'delete';

/** What opens beside a message needs. */
export interface MessagePopupProps {
  message: MessageItem;
  anchor: Anchor;
  onClose: () => void;
  returnTo: ReturnTo;
}

/** What a message may ask of its thread. It never changes while a thread is open, so that messages need not be rendered again. */
export interface ThreadContextValue {
  /** Opens something beside a message. */
  open: (kind: PopupKind, message: MessageItem, anchor: Anchor) => void;
  /** Answers a message in the composer. */
  reply: (message: MessageItem) => void;
  /** Changes an own message in the composer. */
  edit: (message: MessageItem) => void;
  /** Scrolls to a message and marks it for a moment. */
  jump: (key: string) => void;
}

const ThreadContext = createContext<ThreadContextValue | undefined>(undefined);

/** Gives a thread to every message below. */
export const ThreadProvider = ThreadContext;

/** The thread around. @throws Error outside of one */
export function useThread(): ThreadContextValue {
  const value = useContext(ThreadContext);
  if (value === undefined) throw new Error('There is no thread around this component.');
  return value;
}
