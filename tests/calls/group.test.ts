import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startCallBrowser } from '../support/browser.ts';
import { CallWindow } from '../support/call-window.ts';
import { makeGroup, openGroup } from '../support/groups.ts';
import { PATIENT } from '../support/patience.ts';
import type { Stack } from '../support/stack.ts';
import { startStack } from '../support/stack.ts';

let browser: Browser;
let stack: Stack<'ada' | 'bruno' | 'chiara' | 'dara'>;
let ada: CallWindow;
let bruno: CallWindow;
let chiara: CallWindow;
let dara: CallWindow;

/** Waits until everyone is connected with everyone else. */
async function allConnected(windows: readonly [number, CallWindow][]): Promise<void> {
  for (const [own, window] of windows) {
    const others = windows.map(([number]) => number).filter((number) => number !== own);
    await expect.poll(() => window.connected(), PATIENT).toEqual(others);
  }
}
const three = (): [number, CallWindow][] => [
  [1, ada],
  [2, bruno],
  [3, chiara],
];

let id: string;

beforeAll(async () => {
  [browser, stack] = await Promise.all([
    startCallBrowser(),
    startStack(
      inject('postgresUrl'),
      ['Ada', 'Bruno', 'Chiara', 'Dara'],
      { ada: { member: 1 }, bruno: { member: 2 }, chiara: { member: 3 }, dara: { member: 4 } },
      { turnTtlSeconds: 600 },
    ),
  ]);
  [ada, bruno, chiara, dara] = await Promise.all([
    CallWindow.open(browser, stack.pages.ada),
    CallWindow.open(browser, stack.pages.bruno),
    CallWindow.open(browser, stack.pages.chiara),
    CallWindow.open(browser, stack.pages.dara),
  ]);
  id = await makeGroup(ada.window, 'Lighthouse', [2, 3]);
  for (const { window } of [bruno, chiara]) {
    await window.byId(`group-${id}`).waitFor();
    await openGroup(window, id);
  }
});
afterAll(async () => {
  await browser?.close();
  await stack?.close();
});

describe('a group of three in a call', () => {
  it('is all connected, each with each', async () => {
    await ada.call('video');
    await Promise.all([bruno.accept(true), chiara.accept(true)]);
    await allConnected(three());
    await Promise.all([ada, bruno, chiara].map((window) => window.seesFrames(2)));
    for (const window of [ada, bruno, chiara]) {
      expect((await window.figures()).map(({ pair }) => pair)).toEqual([
        ['relay', 'relay'],
        ['relay', 'relay'],
      ]);
    }
  });

  it('sees two screens at once', async () => {
    await bruno.press('screen');
    await chiara.press('screen');
    await expect.poll(() => ada.window.byId('tile-screen').count(), PATIENT).toBe(2);
    await ada.seesFrames(2, 2);
    await bruno.press('screen');
    await chiara.press('screen');
    await expect.poll(() => ada.window.byId('tile-screen').count(), PATIENT).toBe(0);
    // From here on voices are enough, and leave the machine's cores to what is asked next.
    for (const window of [ada, bruno, chiara]) await window.press('camera');
  });

  it('gets a member back who reloads the page, muted as before', async () => {
    await chiara.press('mute');
    const muted = { member: 3, muted: true, presence: 'connected' };
    await expect.poll(() => ada.tiles(), PATIENT).toContainEqual(expect.objectContaining(muted));
    await chiara.window.page.reload();
    await chiara.window.byId('call').waitFor();
    await allConnected(three());
    await expect.poll(() => ada.tiles(), PATIENT).toContainEqual(expect.objectContaining(muted));
    await chiara.hears(2);
    await chiara.press('mute');
  });

  it('takes in somebody whom one of them adds, and everybody sees it', async () => {
    await bruno.press('add');
    await bruno.window.byId('call-person-4').click();
    await bruno.window.byId('call-add-submit').click();
    await dara.accept(false);
    await allConnected([...three(), [4, dara]]);
    await dara.hears(3);
  });

  it('goes on without somebody who leaves, also by closing the window', async () => {
    await dara.close();
    await ada.leave();
    await allConnected([
      [2, bruno],
      [3, chiara],
    ]);
    await bruno.hears(1);
    await expect.poll(() => ada.outcomes(), PATIENT).toEqual(['ongoing']);
  });

  it('can be joined again while it goes on', async () => {
    await ada.join();
    await allConnected(three());
    await Promise.all([ada.hears(2), bruno.hears(2)]);
  });

  it('is told for all when the last one has left', async () => {
    for (const window of [ada, bruno]) await window.leave();
    await chiara.leave();
    // The page was loaded again, and shows no conversation yet.
    await openGroup(chiara.window, id);
    for (const window of [ada, bruno, chiara])
      await expect.poll(() => window.outcomes(), PATIENT).toEqual(['answered']);
  });
});
