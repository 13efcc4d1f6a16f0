import { beforeAll, describe, expect, it } from 'vitest';
import { allAlive, callCircle, expectRelayed } from '../support/call-circle.ts';
import type { CallWindow } from '../support/call-window.ts';
import { PATIENT } from '../support/patience.ts';

/** Credentials end at a whole minute, so these live for 10 to 70 s. */
const TTL_SECONDS = 10;

const circle = callCircle(['Ada', 'Bruno'], { turnTtlSeconds: TTL_SECONDS });
let ada: CallWindow;
let bruno: CallWindow;
/** How often a page was given credentials. */
let given = 0;

const both = () => [ada, bruno] as const;
/** Frames decoded by a window so far, and packets of sound heard. */
async function counted(window: CallWindow): Promise<[frames: number, packets: number]> {
  const [figures] = await window.figures();
  const frames = Object.values(figures?.frames ?? {}).reduce((sum, count) => sum + count, 0);
  return [frames, figures?.heard.packets ?? 0];
}

beforeAll(async () => {
  [ada, bruno] = await circle.open(1, 2);
  ada.window.page.on('response', (response) => {
    if (response.url().endsWith('/v1/turn') && response.request().method() === 'POST') given++;
  });
  await Promise.all([ada.window.choose(2), bruno.window.choose(1)]);
  await ada.call('video');
  await bruno.accept(true);
  await ada.meets(1);
  await allAlive(both());
});

describe('a call that goes on', () => {
  it('never loses its media while the relay is restarted, and signals again afterwards', async () => {
    const descriptions = (await ada.descriptions()).length;
    /** Frames and packets, each for both. */
    const counts: number[][] = [[], [], [], []];
    const take = async () => {
      await ada.window.page.waitForTimeout(1_000);
      const now = (await Promise.all(both().map(counted))).flat();
      for (const [i, count] of now.entries()) counts[i]?.push(count);
    };
    await take();
    await circle.stack.stopRelay();
    await expect.poll(() => ada.window.connection(), PATIENT).toBe('offline');
    for (let i = 0; i < 4; i++) await take();
    await circle.stack.startRelay();
    await Promise.all(both().map(({ window }) => window.online()));
    for (let i = 0; i < 4; i++) await take();
    for (const series of counts) expect(series).toEqual([...new Set(series)].toSorted((a, b) => a - b));

    await ada.press('mute');
    await expect.poll(() => bruno.tiles(), PATIENT).toMatchObject([{ muted: true, presence: 'connected' }]);
    await ada.press('mute');
    await expect.poll(() => bruno.tiles(), PATIENT).toMatchObject([{ muted: false }]);
    // The same connection as before, which nobody negotiated again.
    expect(await ada.descriptions()).toHaveLength(descriptions);
    expect(await ada.figures()).toHaveLength(1);
  });

  it('looks for another way when the network has changed, and stays on the TURN server', async () => {
    /** Names of the generations of candidates that this page offered or answered with. */
    const generations = async () => {
      const own = (await ada.descriptions()).filter(({ side }) => side === 'local');
      return new Set(own.flatMap(({ sdp }) => sdp.match(/^a=ice-ufrag:.*$/m) ?? [])).size;
    };
    const before = await generations();
    await ada.window.page.evaluate(() => dispatchEvent(new Event('online')));
    await expect.poll(generations, PATIENT).toBe(before + 1);
    await expect.poll(() => ada.tiles(), PATIENT).toMatchObject([{ presence: 'connected' }]);
    await allAlive(both());
    await expectRelayed(both());
  });

  it('finds its way again after the TURN server was killed and started anew', async () => {
    await circle.stack.turn.kill();
    for (const window of both()) {
      await expect.poll(() => window.tiles(), PATIENT).toMatchObject([{ presence: 'reconnecting' }]);
    }
    await circle.stack.turn.start();
    for (const window of both())
      await expect.poll(() => window.tiles(), PATIENT).toMatchObject([{ presence: 'connected' }]);
    await allAlive(both());
  });

  it('renews its credentials, also across a rotation of the secret', async () => {
    const before = given;
    const counts = await Promise.all(both().map(counted));
    await circle.stack.turn.rotate(TTL_SECONDS);
    // The first may have been made before the new secret's time came.
    await expect.poll(() => given, { ...PATIENT, timeout: 150_000 }).toBeGreaterThan(before + 1);
    for (const [i, window] of both().entries()) {
      expect(await window.connected()).toHaveLength(1);
      const [frames, packets] = await counted(window);
      expect(frames).toBeGreaterThan(counts[i]?.[0] ?? 0);
      expect(packets).toBeGreaterThan(counts[i]?.[1] ?? 0);
    }
  });

  it('finds its way with the new secret when the old one has died', async () => {
    await circle.stack.turn.kill();
    await expect.poll(() => ada.tiles(), PATIENT).toMatchObject([{ presence: 'reconnecting' }]);
    await circle.stack.turn.start('newest');
    for (const window of both())
      await expect.poll(() => window.tiles(), PATIENT).toMatchObject([{ presence: 'connected' }]);
    await allAlive(both());
    await expectRelayed(both());
  });
});

describe('before a call', () => {
  it('the lobby says so when the relay for calls is away, and when it is back', async () => {
    await ada.leave();
    await bruno.dismiss();
    await circle.stack.turn.kill();
    await ada.window.byId('call-voice').click();
    const phase = (name: string) =>
      ada.window.page.locator(`[data-testid=lobby-reach][data-phase=${name}]`).waitFor();
    await phase('failed');
    await circle.stack.turn.start('newest');
    await ada.window.byId('lobby-try').click();
    await phase('reached');
    await ada.window.byId('lobby-leave').click();
    await ada.window.byId('lobby').waitFor({ state: 'detached' });
  });
});
