import { beforeAll, describe, expect, it } from 'vitest';
import { allConnected, callCircle, expectRelayed } from '../support/call-circle.ts';
import type { CallWindow } from '../support/call-window.ts';
import { openGroup, shareGroup } from '../support/groups.ts';
import { PATIENT } from '../support/patience.ts';

const circle = callCircle(['Ada', 'Bruno', 'Chiara', 'Dara']);
let ada: CallWindow;
let bruno: CallWindow;
let chiara: CallWindow;
let dara: CallWindow;
let id: string;

const three = () => ({ 1: ada, 2: bruno, 3: chiara });

beforeAll(async () => {
  [ada, bruno, chiara, dara] = await circle.open(1, 2, 3, 4);
  id = await shareGroup([ada.window, bruno.window, chiara.window], 'Lighthouse', [2, 3]);
});

describe('a group of three in a call', () => {
  it('is all connected, each with each', async () => {
    await ada.call('video');
    await Promise.all([bruno.accept(true), chiara.accept(true)]);
    await allConnected(three());
    await Promise.all([ada, bruno, chiara].map((window) => window.seesFrames(2)));
    await expectRelayed([ada, bruno, chiara], 2);
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
    await allConnected({ ...three(), 4: dara });
    await dara.hears(3);
  });

  it('goes on without somebody who leaves, also by closing the window', async () => {
    await dara.close();
    await ada.leave();
    await allConnected({ 2: bruno, 3: chiara });
    for (const window of [bruno, chiara])
      for (const member of [1, 4])
        await expect
          .poll(() => window.tiles(), PATIENT)
          .toContainEqual(expect.objectContaining({ member, presence: 'left' }));
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
