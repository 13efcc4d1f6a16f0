import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCircle, expectRelayed } from '../support/call-circle.ts';
import type { CallWindow } from '../support/call-window.ts';
import { FirefoxWindow } from '../support/firefox.ts';
import { PATIENT } from '../support/patience.ts';

/** Bytes of a padded packet of voice at 32 kbit/s (SPEC.md §21.4). */
const PADDED_VOICE = 136;

const circle = callCircle(['Ada', 'Bruno']);
let ada: CallWindow;
let bruno: FirefoxWindow;

beforeAll(async () => {
  [[ada], bruno] = await Promise.all([circle.open(1), FirefoxWindow.open(circle.url(2))]);
  await ada.window.choose(2);
});
afterAll(() => bruno?.close());

/** Waits until both are connected, and media rise on both sides, relayed at both ends. */
async function talk(): Promise<void> {
  await expect.poll(() => ada.connected(), PATIENT).toEqual([2]);
  await bruno.shows('[data-testid=tile][data-member="1"][data-presence=connected]');
  await Promise.all([ada.seesFrames(1), ada.hears(1), bruno.seesAndHears()]);
  await expectRelayed([ada]);
  // Firefox names an address by how it first heard of it: by a check that came before the candidate (`prflx`), or as what it is.
  expect((await bruno.figures()).map(({ pair: [own] }) => own)).toEqual(['relay']);
}

describe('Chromium and Firefox', () => {
  it('call each other: Chromium Firefox', async () => {
    await ada.call('video');
    await bruno.click('[data-testid=ring-accept-camera]');
    await talk();
  });

  it('send as much in silence as in sound, whichever encodes', async () => {
    const speaking = await ada.packetSizes();
    await ada.press('mute');
    expect(await ada.packetSizes()).toEqual(speaking);
    await ada.press('mute');
    await bruno.click('[data-testid=call-mute]');
    const heard = async () => {
      const [figures] = await ada.figures();
      return figures?.heard ?? { packets: 0, bytes: 0 };
    };
    const { packets } = await heard();
    await expect.poll(async () => (await heard()).packets - packets, PATIENT).toBeGreaterThan(100);
    await bruno.click('[data-testid=call-mute]');
    // Firefox does not know how to encode at a constant rate. Each packet of it since the call began has one size all the same: in silence, in sound, the first one.
    const all = await heard();
    expect(all.bytes / all.packets).toBe(PADDED_VOICE);
    for (const { sdp } of await ada.descriptions()) expect(sdp).not.toMatch(/audio-level/i);
  });

  it('call each other: Firefox Chromium', async () => {
    await ada.leave();
    await bruno.click('[data-testid=call-dismiss]');
    await bruno.click('[data-testid=conversation-1]');
    await bruno.click('[data-testid=call-video]');
    await bruno.shows('[data-testid=lobby-reach][data-phase=reached]');
    await bruno.click('[data-testid=lobby-enter]');
    await ada.accept(true);
    await talk();
    await ada.leave();
    expect(bruno.errors).toEqual([]);
    expect(ada.window.errors).toEqual([]);
  });
});
