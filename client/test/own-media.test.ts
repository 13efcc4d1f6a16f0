import { describe, expect, it, vi } from 'vitest';
import type { Line } from '../src/media/media.ts';
import { OwnMedia } from '../src/state/calls/own-media.ts';
import { FakeMedia } from './support/call-media.ts';

function bench() {
  const media = new FakeMedia();
  const sent = new Map<Line, string | undefined>();
  const wishes = { isCameraAllowed: true };
  let settings = { pushToTalk: false, echoCancellation: true, noiseSuppression: true };
  const own = new OwnMedia({
    media,
    settings: () => settings,
    isCameraAllowed: () => wishes.isCameraAllowed,
    send: (line, track) => sent.set(line, track?.kind),
    changed: () => {},
  });
  const set = (change: Partial<typeof settings>) => {
    settings = { ...settings, ...change };
    own.settingsChanged();
  };
  return { media, sent, wishes, set, own, openNow: () => media.open.map(({ what }) => what) };
}

/** A browser that asks its user, who takes time. */
function asking(media: FakeMedia) {
  const { promise, resolve } = Promise.withResolvers<void>();
  media.prompt = promise;
  return resolve;
}

describe('own media', () => {
  it('close at once while the browser still asks for another device, which is not kept then', async () => {
    const { media, own, openNow } = bench();
    await own.open(false);
    const answer = asking(media);
    const camera = own.setCamera(true);
    await vi.waitFor(() => expect(openNow()).toEqual(['microphone']), { timeout: 10_000 });
    own.close();
    expect(openNow()).toEqual([]);
    answer();
    await camera;
    expect([openNow(), media.captures.length]).toEqual([[], 2]);
    expect(own.told).toMatchObject({ camera: false });
  });

  it('can be opened again while an old question is open', async () => {
    const { media, own, openNow } = bench();
    const answer = asking(media);
    const before = own.open(false);
    await Promise.resolve();
    own.close();
    media.prompt = undefined;
    await own.open(false);
    answer();
    await before;
    expect(openNow()).toEqual(['microphone']);
    expect(own.state.microphoneFault).toBeUndefined();
  });

  it('send another device before the last one is stopped, and keep that one where the other is taken', async () => {
    const { media, own, sent, openNow } = bench();
    await own.open(false);
    await own.choose('microphone', 'mic 1');
    expect([openNow(), sent.get('voice'), own.state.devices.microphone]).toEqual([
      ['mic 1'],
      'mic 1',
      'mic 1',
    ]);
    media.refusals.set('microphone', 'media_taken');
    await own.choose('microphone', undefined);
    expect([openNow(), sent.get('voice')]).toEqual([['mic 1'], 'mic 1']);
    expect(own.state.microphoneFault?.code).toBe('media_taken');
    media.refusals.clear();
    await own.choose('microphone', undefined);
    expect([openNow(), own.state.microphoneFault]).toEqual([['microphone'], undefined]);
  });

  it('open the microphone anew where its sound is to be done otherwise, as silent as before, and no other one', async () => {
    const { media, own, sent, set, openNow } = bench();
    own.enterCall();
    set({ echoCancellation: false });
    await own.setScreen(false);
    expect(media.captures).toEqual([]);
    await own.open(false);
    await own.choose('microphone', 'mic 1');
    own.setMuted(true);
    const seen = () => media.open.map(({ what, isEnabled, processing }) => [what, isEnabled, processing]);
    expect(seen()).toMatchObject([['mic 1', false, { echoCancellation: false, noiseSuppression: true }]]);
    set({ noiseSuppression: false });
    await own.setScreen(false);
    expect(seen()).toMatchObject([['mic 1', false, { echoCancellation: false, noiseSuppression: false }]]);
    own.setMuted(false);
    set({ pushToTalk: true, echoCancellation: true });
    await own.setScreen(false);
    expect(seen()).toMatchObject([['mic 1', false, { echoCancellation: true, noiseSuppression: false }]]);
    const count = media.captures.length;
    set({ pushToTalk: false });
    await own.setScreen(false);
    expect([media.captures.length, openNow(), sent.get('voice')]).toEqual([count, ['mic 1'], 'mic 1']);
    expect(media.open[0]?.isEnabled).toBe(true);
    media.refusals.set('microphone', 'media_taken');
    set({ echoCancellation: false });
    await own.setScreen(false);
    expect([openNow(), sent.get('voice'), own.told.muted]).toEqual([[], undefined, true]);
    expect(own.state.microphoneFault?.code).toBe('media_taken');
  });

  it('keep no camera that is allowed no more by the time that it is open, or is opened in place of such a one', async () => {
    const { media, own, wishes, openNow } = bench();
    const first = asking(media);
    const on = own.setCamera(true);
    await Promise.resolve();
    wishes.isCameraAllowed = false;
    own.checkCamera();
    first();
    await on;
    expect([openNow(), own.state.cameraOn, own.state.cameraFault]).toEqual([[], false, undefined]);
    wishes.isCameraAllowed = true;
    await own.setCamera(true);
    expect(openNow()).toEqual(['camera']);
    const second = asking(media);
    const another = own.choose('camera', 'cam 1');
    await vi.waitFor(() => expect(own.state.devices.camera).toBe('cam 1'), { timeout: 10_000 });
    wishes.isCameraAllowed = false;
    own.checkCamera();
    expect(openNow()).toEqual([]);
    wishes.isCameraAllowed = true;
    second();
    await another;
    await own.setScreen(false);
    expect([openNow(), own.told.camera]).toEqual([[], false]);
  });

  it('are silent without a microphone, deafened, muted, or while no key is held', async () => {
    const { media, own, set } = bench();
    own.enterCall();
    media.refusals.set('microphone', 'media_denied');
    await own.open(false);
    expect([own.isMuted, own.state.microphoneFault?.code]).toEqual([true, 'media_denied']);
    media.refusals.clear();
    own.setMuted(false);
    await vi.waitFor(() => expect(own.isMuted).toBe(false), { timeout: 10_000 });
    expect(own.state.microphoneFault).toBeUndefined();
    const [microphone] = media.open;
    own.setDeafened(true);
    expect([microphone?.isEnabled, own.told]).toEqual([
      false,
      { muted: true, deafened: true, camera: false, screen: false },
    ]);
    own.setMuted(false);
    expect([microphone?.isEnabled, own.state.deafened]).toEqual([true, false]);
    set({ pushToTalk: true });
    // Who holds the key is not told: the others hear it.
    expect([microphone?.isEnabled, own.told.muted]).toEqual([false, false]);
    own.setTalking(true);
    expect(microphone?.isEnabled).toBe(true);
    set({ pushToTalk: false });
    expect([microphone?.isEnabled, own.isMuted, own.state.isTalking]).toEqual([true, false, false]);
    own.setTalking(true);
    set({ pushToTalk: true });
    expect([microphone?.isEnabled, own.state.isTalking]).toEqual([false, false]);
    own.setMuted(true);
    set({ pushToTalk: false });
    expect([microphone?.isEnabled, own.told.muted]).toEqual([false, true]);
  });

  it('say so where a device is unplugged, open no other by themselves, and the one that is chosen then', async () => {
    const { media, own, sent, openNow } = bench();
    await own.open(true);
    await own.choose('microphone', 'mic 1');
    for (const one of media.open) one.unplug();
    expect([openNow(), sent.get('voice'), sent.get('camera')]).toEqual([[], undefined, undefined]);
    expect(own.told).toMatchObject({ muted: true, camera: false });
    expect(own.state).toMatchObject({
      microphoneFault: { code: 'media_missing', message: expect.stringContaining('nobody hears you') },
      cameraFault: { code: 'media_missing' },
    });
    await vi.waitFor(() => expect(own.state.devices.microphone).toBeUndefined(), { timeout: 10_000 });
    own.setMuted(false);
    await vi.waitFor(() => expect(openNow()).toEqual(['microphone']), { timeout: 10_000 });
    await own.choose('camera', 'cam 1');
    expect([openNow(), own.state.microphoneFault, own.state.cameraFault]).toEqual([
      ['microphone', 'cam 1'],
      undefined,
      undefined,
    ]);
  });

  it('show before a call how loud it is, whatever push to talk says, and are silent from its first moment', async () => {
    const { media, own, set } = bench();
    set({ pushToTalk: true });
    await own.open(false);
    media.level = 0.5;
    expect([own.state.level, media.open[0]?.isEnabled]).toEqual([0.5, true]);
    own.enterCall();
    expect([own.state.level, media.open[0]?.isEnabled]).toEqual([0, false]);
    own.setTalking(true);
    expect([own.state.level, media.open[0]?.isEnabled]).toEqual([0.5, true]);
  });

  it('take a screen that was not chosen for no fault, and one that is stopped by the browser off its lines', async () => {
    const { media, own, sent } = bench();
    media.refusals.set('screen', 'media_denied');
    await own.setScreen(true);
    expect(own.state.screenFault).toBeUndefined();
    media.refusals.clear();
    await own.setScreen(true);
    expect([own.state.screenOn, sent.get('screen'), sent.get('screenSound')]).toEqual([
      true,
      'screen',
      'screen',
    ]);
    media.open[0]?.unplug();
    await vi.waitFor(() => expect(own.state.screenOn).toBe(false), { timeout: 10_000 });
    expect([sent.get('screen'), sent.get('screenSound'), media.open]).toEqual([undefined, undefined, []]);
  });
});
