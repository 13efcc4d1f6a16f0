import { describe, expect, it } from 'vitest';
import { mediaPage } from './support/media-page.ts';

const page = mediaPage();

describe('devices', () => {
  it.each([
    ['NotAllowedError', 'media_denied'],
    ['NotFoundError', 'media_missing'],
    ['OverconstrainedError', 'media_missing'],
    ['NotReadableError', 'media_taken'],
    ['TypeError', 'calls_unsupported'],
  ])('that cannot be opened for %s are %s', async (name, code) => {
    const seen = await page().evaluate(async (name) => {
      const { media, errorOf } = window.bench;
      const { mediaDevices } = navigator;
      const { getUserMedia, getDisplayMedia } = mediaDevices;
      mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name));
      mediaDevices.getDisplayMedia = () => Promise.reject(new DOMException('', name));
      const processing = { echoCancellation: true, noiseSuppression: true };
      const codes = [
        await errorOf(() => media.openMicrophone(undefined, processing)),
        await errorOf(() => media.openCamera('one')),
        await errorOf(() => media.openScreen()),
      ];
      Object.assign(mediaDevices, { getUserMedia, getDisplayMedia });
      return codes;
    }, name);
    expect(seen).toEqual([code, code, code]);
  });

  it('are listed, are opened by id, and tell once when they are gone', async () => {
    const seen = await page().evaluate(async () => {
      const { bench } = window;
      const devices = await bench.media.devices();
      const kinds = new Set(devices.map(({ kind }) => kind));
      const wanted = devices.filter(({ kind }) => kind === 'camera').at(-1);
      const camera = await bench.media.openCamera(wanted?.id);
      let ends = 0;
      camera.onEnded(() => ends++);
      camera.tracks.camera?.dispatchEvent(new Event('ended'));
      camera.tracks.camera?.dispatchEvent(new Event('ended'));
      const id = camera.tracks.camera?.getSettings().deviceId;
      camera.stop();
      const missing = await bench.errorOf(() => bench.media.openCamera('no such device'));
      return { kinds: [...kinds].sort(), ends, isWanted: id === wanted?.id, missing };
    });
    expect(seen).toEqual({
      kinds: ['camera', 'microphone', 'speaker'],
      ends: 1,
      isWanted: true,
      missing: 'media_missing',
    });
  });

  it('do to the sound of a microphone what is asked for when it is opened', async () => {
    const seen = await page().evaluate(async () => {
      const { media } = window.bench;
      const settings = [];
      for (const [echoCancellation, noiseSuppression] of [
        [true, true],
        [false, true],
        [true, false],
      ] as const) {
        const capture = await media.openMicrophone(undefined, { echoCancellation, noiseSuppression });
        const got = capture.tracks.voice?.getSettings();
        settings.push([got?.echoCancellation, got?.noiseSuppression]);
        capture.stop();
      }
      return settings;
    });
    expect(seen).toEqual([
      [true, true],
      [false, true],
      [true, false],
    ]);
  });

  it('have no loudspeaker to choose where the browser cannot play on a chosen one', async () => {
    const kinds = await page().evaluate(async () => {
      const { prototype } = HTMLMediaElement;
      const { setSinkId } = prototype;
      Reflect.deleteProperty(prototype, 'setSinkId');
      const devices = await window.bench.media.devices();
      Object.assign(prototype, { setSinkId });
      return [...new Set(devices.map(({ kind }) => kind))].sort();
    });
    expect(kinds).toEqual(['camera', 'microphone']);
  });

  it('are metered: beeps are louder than silence', async () => {
    await page().mouse.click(5, 5);
    const levels = await page().evaluate(async () => {
      const { bench } = window;
      const microphone = await bench.microphone();
      const meter = bench.media.meter(microphone.stream);
      await bench.until(() => meter.level() > 0.3);
      microphone.setEnabled(false);
      await bench.until(() => meter.level() === 0);
      meter.stop();
      bench.media.ring('incoming');
      bench.media.ring('outgoing');
      bench.media.ring(undefined);
      return meter.level();
    });
    expect(levels).toBe(0);
  });
});

describe('the relay for calls', () => {
  it('is not reached without servers, without an answer, or when nobody waits any more', async () => {
    const codes = await page().evaluate(async () => {
      const { errorOf, tryServers, made } = window.bench;
      const silent = [{ urls: ['turn:127.0.0.1:9?transport=udp'], username: 'u', credential: 'c' }];
      const never = new AbortController();
      const leave = (trying: AbortController) => {
        setTimeout(() => trying.abort(new Error('left')), 50);
        return trying.signal;
      };
      const codes = [
        await errorOf(() => tryServers([], never.signal)),
        await errorOf(() => tryServers(silent, never.signal, 200)),
        await errorOf(() => tryServers(silent, leave(new AbortController()))),
        await errorOf(() => tryServers(silent, AbortSignal.abort(new Error('gone')))),
      ];
      return { codes, states: made.map(({ signalingState }) => signalingState) };
    });
    expect(codes).toEqual({
      codes: ['calls_unreachable', 'calls_unreachable', 'left', 'gone'],
      states: ['closed', 'closed'],
    });
  });
});
