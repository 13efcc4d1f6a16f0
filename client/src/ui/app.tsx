import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { useEffect } from 'react';
import { useApp } from './context.tsx';
import { Frame } from './frame/frame.tsx';
import { IdentityScreen } from './identity/identity-screen.tsx';
import { OpeningScreen } from './identity/opening-screen.tsx';
import { PassphraseScreen } from './identity/passphrase-screen.tsx';
import { Toasts } from './kit/toasts.tsx';
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

/** Light or dark where a member chose, else as the system says. */
function useTheme(): void {
  const theme = useApp((state) => state.settings.theme);
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset.theme;
    else dataset.theme = theme;
  }, [theme]);
}

function Screen() {
  const identity = useApp((state) => state.identity);
  switch (identity.phase) {
    case 'absent':
      return <IdentityScreen fault={identity.fault} />;
    case 'passphrase':
      return <PassphraseScreen fault={identity.fault} />;
    case 'opening':
      return <OpeningScreen />;
    case 'open':
      return <Frame />;
  }
}

/** The whole UI: one screen for each phase of the identity. The page's policy allows no `style` elements, so the kit's base makes none. */
export function App() {
  useNoStrayDrops();
  useTheme();
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider>
        <Toasts>
          <Screen />
        </Toasts>
      </Tooltip.Provider>
    </CSPProvider>
  );
}
