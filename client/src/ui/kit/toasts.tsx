import { Toast } from '@base-ui/react/toast';
import type { ReactNode } from 'react';
import './overlays.css';

/** Milliseconds. */
const SHOWN = 2500;

function List() {
  const { toasts } = Toast.useToastManager();
  return (
    <Toast.Portal>
      <Toast.Viewport className="toasts">
        {toasts.map((toast) => (
          <Toast.Root key={toast.id} toast={toast} className="toast">
            <Toast.Title />
          </Toast.Root>
        ))}
      </Toast.Viewport>
    </Toast.Portal>
  );
}

/** Lets every component below say a few words that go away by themselves. */
export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider timeout={SHOWN} limit={1}>
      {children}
      <List />
    </Toast.Provider>
  );
}

/** Says that something went well, where nothing else would show it. Never for faults: those stay. */
export function useToast(): (words: string) => void {
  const { add } = Toast.useToastManager();
  return (words) => {
    add({ title: words });
  };
}
