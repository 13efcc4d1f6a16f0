import { beforeAll, describe, expect, it } from 'vitest';
import { allAlive, allConnected, callCircle, expectRelayed } from '../support/call-circle.ts';
import type { ProbedWindow } from '../support/call-probe.ts';
import type { CallWindow } from '../support/call-window.ts';
import { PATIENT } from '../support/patience.ts';

const circle = callCircle(['Ada', 'Bruno']);
let ada: CallWindow;
let bruno: CallWindow;
/** A second browser of the same member. */
let other: CallWindow;

const tileOf = async (window: CallWindow, member: number) =>
  (await window.tiles()).find((tile) => tile.member === member);

beforeAll(async () => {
  [ada, bruno, other] = await circle.open(1, 2, 2);
  await Promise.all([ada.window.choose(2), bruno.window.choose(1), other.window.choose(1)]);
});

describe('two people in a call', () => {
  it('ring in every open window, and stop ringing everywhere when one takes it', async () => {
    await ada.call('video');
    await Promise.all([bruno, other].map(({ window }) => window.byId('ringing').waitFor()));
    await expect.poll(() => tileOf(ada, 2), PATIENT).toMatchObject({ presence: 'ringing' });
    await bruno.accept(true);
    await other.window.byId('ringing').waitFor({ state: 'detached' });
    await allConnected({ 1: ada, 2: bruno });
  });

  it('hear and see each other, through the TURN server alone', async () => {
    await allAlive([ada, bruno]);
    await expectRelayed([ada, bruno]);
    for (const window of [ada, bruno]) {
      const candidates = await window.candidates();
      expect(candidates.length).toBeGreaterThan(0);
      expect(candidates.filter((candidate) => !candidate.includes(' typ relay '))).toEqual([]);
    }
    expect(await ada.window.byId('call-timer').textContent()).toMatch(/\d:\d\d/);
  });

  it('show who speaks, by what is heard of them', async () => {
    const speaks = () =>
      ada.window.page.locator('[data-testid=tile][data-member="2"][data-speaking="true"]').waitFor();
    // The microphone of the tests beeps once a second.
    await speaks();
    await bruno.press('mute');
    const quiet = '[data-testid=tile][data-member="2"][data-muted="true"]';
    await ada.window.page.locator(quiet).waitFor();
    for (let looks = 0; looks < 12; looks++) {
      expect(await ada.window.page.locator(quiet).getAttribute('data-speaking')).toBe('false');
      await ada.window.page.waitForTimeout(200);
    }
    await bruno.press('mute');
    await speaks();
  });

  it('show who is muted, who hears nobody and whose camera is off', async () => {
    await ada.press('mute');
    await expect.poll(() => tileOf(bruno, 1), PATIENT).toMatchObject({ muted: true, camera: true });
    await ada.press('mute');
    await ada.press('deafen');
    await expect.poll(() => tileOf(bruno, 1), PATIENT).toMatchObject({ deafened: true });
    await ada.press('deafen');
    await expect.poll(() => tileOf(bruno, 1), PATIENT).toMatchObject({ deafened: false, muted: false });

    await ada.press('camera');
    await expect.poll(() => tileOf(bruno, 1), PATIENT).toMatchObject({ camera: false, muted: false });
    await bruno.hears(1);
    await ada.press('camera');
    await expect.poll(() => tileOf(bruno, 1), PATIENT).toMatchObject({ camera: true });
    await bruno.seesFrames(1);
  });

  it('tell by their packets nothing of who speaks: as large in silence as in sound', async () => {
    const speaking = await ada.packetSizes();
    await ada.press('mute');
    const silent = await ada.packetSizes();
    await ada.press('mute');
    expect(speaking).toHaveLength(1);
    expect(silent).toEqual(speaking);
    expect(Number.isInteger(speaking[0])).toBe(true);
  });

  it('are heard on the loudspeaker that is chosen in mid-call, also what comes later', async () => {
    const { page } = ada.window;
    // Loudspeaker, whether it is silent, and how many tracks of sound it plays.
    const heardOn = () =>
      ada.window.byId('voice').evaluateAll((all) =>
        (all as HTMLAudioElement[]).map(({ sinkId, paused, srcObject }) => {
          const tracks = srcObject instanceof MediaStream ? srcObject.getAudioTracks() : [];
          return [sinkId, paused, tracks.length];
        }),
      );
    expect(await heardOn()).toEqual([['', false, 1]]);
    await ada.press('devices');
    await ada.window.byId('device-speaker').click();
    await page.getByRole('option').last().click();
    await page.keyboard.press('Escape');
    await expect.poll(heardOn, PATIENT).toEqual([[expect.stringMatching(/./), false, 1]]);
    const [[chosen]] = (await heardOn()) as [[string, boolean]];
    await bruno.press('screen');
    await ada.window.page.locator('[data-testid=tile-screen][data-member="2"]').waitFor();
    await expect.poll(heardOn, PATIENT).toEqual([
      [chosen, false, 1],
      [chosen, false, 1],
    ]);
    await bruno.press('screen');
    await ada.window.byId('tile-screen').waitFor({ state: 'detached' });
  });

  it('go on with another microphone and camera, which are chosen in mid-call', async () => {
    const { page } = ada.window;
    /** Ids of the devices that are sent from. */
    const sent = () =>
      page.evaluate(() =>
        (window as unknown as ProbedWindow).probe
          .flatMap(({ pc }) => (pc.connectionState === 'closed' ? [] : pc.getSenders()))
          .flatMap(({ track }) => track?.getSettings().deviceId ?? []),
      );
    const listed = (kind: MediaDeviceKind) =>
      page.evaluate(async (wanted) => {
        const all = await navigator.mediaDevices.enumerateDevices();
        return all.filter((one) => one.kind === wanted).map(({ deviceId }) => deviceId);
      }, kind);
    const devices = [
      ['microphone', await listed('audioinput')],
      ['camera', await listed('videoinput')],
    ] as const;
    await ada.press('devices');
    for (const [kind, ids] of devices) {
      expect(ids.length).toBeGreaterThan(1);
      // The first one last: nothing that comes of the second camera of Chromium’s makes is ever decoded.
      for (const [i, id] of [...ids.entries()].reverse()) {
        await ada.window.byId(`device-${kind}`).click();
        // The first one is the browser's own choice.
        await page
          .getByRole('option')
          .nth(i + 1)
          .click();
        await page.getByRole('option').first().waitFor({ state: 'detached' });
        await expect.poll(sent, PATIENT).toContain(id);
      }
    }
    expect(await sent()).toHaveLength(2);
    await page.keyboard.press('Escape');
    await bruno.seesFrames(1);
    await bruno.hears(1);
  });

  it('go on in a picture of their own, for as long as there is something to show', async () => {
    const { page } = ada.window;
    const inPicture = () =>
      page.evaluate(() => {
        const shown = document.pictureInPictureElement as HTMLVideoElement | null;
        return shown?.getVideoPlaybackQuality().totalVideoFrames ?? null;
      });
    await ada.press('pip');
    await expect.poll(inPicture, PATIENT).toBeGreaterThan(0);
    const before = (await inPicture()) ?? 0;
    await expect.poll(inPicture, PATIENT).toBeGreaterThan(before);
    await bruno.press('camera');
    await expect.poll(inPicture, PATIENT).toBeNull();
    await bruno.press('camera');
    await ada.seesFrames(1);
  });

  it('share a screen beside the camera', async () => {
    await bruno.press('screen');
    await ada.window.page.locator('[data-testid=tile-screen][data-member="2"]').waitFor();
    await expect.poll(() => tileOf(ada, 2), PATIENT).toMatchObject({ screen: true, camera: true });
    await ada.seesFrames(1, 2);
    await bruno.press('screen');
    await ada.window.byId('tile-screen').waitFor({ state: 'detached' });
    await ada.seesFrames(1);
  });

  it('never negotiated again for any of it, and never offered what tells more than it must', async () => {
    for (const window of [ada, bruno]) {
      // The lobby's own connection, which only tries the TURN server, carries no media.
      const applied = (await window.descriptions()).filter(({ sdp }) => sdp.includes('m=audio'));
      expect(applied.map(({ type }) => type)).toEqual(expect.arrayContaining(['offer', 'answer']));
      expect(applied).toHaveLength(2);
      for (const { sdp } of applied) {
        expect(sdp).not.toMatch(/audio-level/i);
        expect(new Set(sdp.match(/^a=fingerprint:.*$/gm))).toHaveProperty('size', 1);
        expect(sdp.match(/^a=fmtp:\d+ .*cbr=1/gm)?.length).toBeGreaterThan(0);
        expect(sdp).not.toMatch(/usedtx=1/);
        // Addresses go one by one, in signals of their own.
        expect(sdp).not.toMatch(/^a=candidate:/m);
      }
    }
  });

  it('have it in their conversation when it is over', async () => {
    await ada.leave();
    await expect.poll(() => bruno.ending(), PATIENT).not.toBeNull();
    await bruno.dismiss();
    for (const window of [ada, bruno, other])
      await expect.poll(() => window.outcomes(), PATIENT).toEqual(['answered']);
  });

  it('decline in one window for all of them, and the caller is told', async () => {
    await ada.call('voice');
    await other.window.byId('ring-decline').click();
    await expect.poll(() => ada.ending(), PATIENT).toBe('declined');
    await ada.dismiss();
    await bruno.window.byId('ringing').waitFor({ state: 'detached' });
    for (const window of [ada, bruno, other])
      await expect.poll(() => window.outcomes(), PATIENT).toEqual(['answered', 'declined']);
  });

  it('miss a call when the caller gives up', async () => {
    await ada.call('voice');
    await Promise.all([bruno, other].map(({ window }) => window.byId('ringing').waitFor()));
    await ada.leave();
    await Promise.all(
      [bruno, other].map(({ window }) => window.byId('ringing').waitFor({ state: 'detached' })),
    );
    await expect.poll(() => ada.outcomes(), PATIENT).toEqual(['answered', 'declined', 'unanswered']);
    for (const window of [bruno, other])
      await expect.poll(() => window.outcomes(), PATIENT).toEqual(['answered', 'declined', 'missed']);
  });

  it('complained of nothing', () => {
    for (const { window } of [ada, bruno, other]) expect(window.errors).toEqual([]);
  });
});
