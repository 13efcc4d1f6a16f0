import './without-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { parseConfig } from './config.ts';
import { createMessenger } from './state/messenger.ts';
import { App } from './ui/app.tsx';
import { MessengerProvider } from './ui/context.tsx';

const { store, actions, start, pageHidden } = createMessenger(parseConfig(import.meta.env));

// A machine that wakes up need not wait for the next retry.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') actions.reconnect();
});

window.addEventListener('pagehide', pageHidden);

const container = document.getElementById('root');
if (container === null) throw new Error('The page has no #root element.');

createRoot(container).render(
  <StrictMode>
    <MessengerProvider messenger={{ store, actions, now: Date.now }}>
      <App />
    </MessengerProvider>
  </StrictMode>,
);
void start();
