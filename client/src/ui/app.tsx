import { useEffect } from 'react';
import { useApp } from './context.tsx';
import { IdentityScreen } from './identity/identity-screen.tsx';
import { OpeningScreen } from './identity/opening-screen.tsx';
import { PassphraseScreen } from './identity/passphrase-screen.tsx';
import { MainScreen } from './main-screen.tsx';
import './theme.css';
import './base.css';

/** A file that is dropped beside the drop zone must not make the browser leave the page and show it. */
function useNoStrayDrops(): void {
  useEffect(() => {
    const prevent = (event: Event) => event.preventDefault();
    window.addEventListener('dragover', prevent);
    window.addEventListener('drop', prevent);
    return () => {
      window.removeEventListener('dragover', prevent);
      window.removeEventListener('drop', prevent);
    };
  }, []);
}

/** The whole UI: one screen for each phase of the identity. */
export function App() {
  const identity = useApp((state) => state.identity);
  useNoStrayDrops();
  switch (identity.phase) {
    case 'absent':
      return <IdentityScreen fault={identity.fault} />;
    case 'passphrase':
      return <PassphraseScreen fault={identity.fault} />;
    case 'opening':
      return <OpeningScreen />;
    case 'open':
      return <MainScreen />;
  }
}
