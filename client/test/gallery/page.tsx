import { createRoot } from 'react-dom/client';
import { createStore } from 'zustand/vanilla';
import type { Actions } from '../../src/state/model.ts';
import { App } from '../../src/ui/app.tsx';
import { MessengerProvider } from '../../src/ui/context.tsx';
import { idle, NOW } from '../fixtures.ts';
import type { Scene } from './scenes.ts';
import { scenes } from './scenes.ts';

/** Actions as idle as before, each noted down with its input. */
function watched({ refusal, answers }: Scene, calls: unknown[][]): Actions {
  // Sealing takes its time.
  const sendText = () => new Promise((resolve) => setTimeout(() => resolve(refusal), 150));
  const saveFile: Actions['saveFile'] = async (_key, sink) => {
    await sink.write(new Uint8Array([1]));
    await sink.close();
  };
  const entries = Object.entries({ ...idle, sendText, saveFile, ...answers }).map(([action, act]) => [
    action,
    (...input: unknown[]) => {
      calls.push([action, ...input]);
      return (act as (...input: unknown[]) => unknown)(...input);
    },
  ]);
  return Object.fromEntries(entries);
}

const container = document.getElementById('root');
if (container === null) throw new Error('The page has no #root element.');
const root = createRoot(container);

function show(): void {
  const name = decodeURIComponent(location.hash.slice(1));
  const scene = scenes[name];
  if (scene === undefined) {
    root.render(null);
    return;
  }
  const calls: unknown[][] = [];
  Object.assign(window, { calls });
  const store = createStore(() => scene.state);
  const messenger = { store, actions: watched(scene, calls), now: () => NOW };
  root.render(
    <MessengerProvider messenger={messenger} key={name}>
      <App />
    </MessengerProvider>,
  );
}

window.addEventListener('hashchange', show);
show();
