import { beforeAll, describe, expect, it } from 'vitest';
import { allAlive, allConnected, callCircle, expectRelayed } from '../support/call-circle.ts';
import type { CallWindow } from '../support/call-window.ts';
import { PATIENT } from '../support/patience.ts';
import { setSwitch } from '../support/settings.ts';

const circle = callCircle(['Ada', 'Bruno']);
let ada: CallWindow;
let bruno: CallWindow;

const badge = (window: CallWindow) => window.window.byId('call-direct').count();
const hosts = async (window: CallWindow) =>
  (await window.candidates()).filter((candidate) => candidate.includes(' typ host'));

beforeAll(async () => {
  [ada, bruno] = await circle.open(1, 2);
  await Promise.all([ada.window.choose(2), bruno.window.choose(1)]);
  await Promise.all([ada, bruno].map(({ window }) => setSwitch(window, 'direct-calls', true)));
});

describe('a direct call', () => {
  it('goes from one machine to the other, past the TURN server, and says so', async () => {
    await ada.call('voice');
    await bruno.accept();
    await allConnected({ 1: ada, 2: bruno });
    await Promise.all([ada.hears(1), bruno.hears(1)]);
    for (const window of [ada, bruno]) {
      await expect
        .poll(async () => (await window.figures()).flatMap(({ pair }) => pair), PATIENT)
        .not.toContain('relay');
      expect((await window.figures()).map(({ pair }) => pair.filter(Boolean))).toEqual([
        [expect.any(String), expect.any(String)],
      ]);
      expect(await hosts(window)).not.toEqual([]);
      expect(await badge(window)).toBe(1);
    }
    await ada.leave();
    await bruno.dismiss();
  });

  it('is none any more for who turned the setting off before joining, though it rang already', async () => {
    await ada.window.page.reload();
    await ada.window.online();
    await bruno.window.page.reload();
    await bruno.window.online();
    await Promise.all([ada.window.choose(2), bruno.window.choose(1)]);
    await ada.call('video');
    await bruno.window.byId('ringing').waitFor();
    await setSwitch(bruno.window, 'direct-calls', false);
    await bruno.accept(true);
    await allConnected({ 1: ada, 2: bruno });
    await allAlive([ada, bruno]);
    // One side that goes through the TURN server alone tells no address of its own.
    expect(await hosts(bruno)).toEqual([]);
    const candidates = await bruno.candidates();
    expect(candidates.length).toBeGreaterThan(0);
    expect(candidates.filter((candidate) => !candidate.includes(' typ relay '))).toEqual([]);
    expect((await bruno.figures()).map(({ pair }) => pair[0])).toEqual(['relay']);
    expect([await badge(ada), await badge(bruno)]).toEqual([1, 0]);
    await bruno.leave();
    await ada.dismiss();
  });

  it('is none where neither wants it', async () => {
    await setSwitch(ada.window, 'direct-calls', false);
    await ada.call('voice');
    await bruno.accept();
    await allConnected({ 1: ada, 2: bruno });
    await expectRelayed([ada, bruno]);
    expect([await badge(ada), await badge(bruno)]).toEqual([0, 0]);
  });
});
