import type { ReactNode } from 'react';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { Actions, AppState } from '../state/model.ts';

/** What the UI stands on: the state, what may be asked of it, and a clock. */
export interface Messenger {
  store: StoreApi<AppState>;
  actions: Actions;
  /** Milliseconds from the Unix epoch. */
  now: () => number;
}

const MessengerContext = createContext<Messenger | undefined>(undefined);

/** Gives a messenger to every component below. */
export function MessengerProvider({ messenger, children }: { messenger: Messenger; children: ReactNode }) {
  return <MessengerContext value={messenger}>{children}</MessengerContext>;
}

/** The messenger. @throws Error outside a {@link MessengerProvider} */
export function useMessenger(): Messenger {
  const messenger = useContext(MessengerContext);
  if (messenger === undefined) throw new Error('There is no MessengerProvider above this component.');
  return messenger;
}

/** A part of the state; renders again when it changes. */
export function useApp<T>(select: (state: AppState) => T): T {
  return useStore(useMessenger().store, select);
}

/** What may be asked of the state. */
export function useActions(): Actions {
  return useMessenger().actions;
}
