import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { padOpus } from '../src/media/padding/opus.ts';
import { launch } from './gallery/browser.ts';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launch();
  page = await browser.newPage();
  // An empty page of this machine: only such ones, and those by HTTPS, have codecs.
  await page.route('http://localhost/', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto('http://localhost/');
}, 60_000);
afterAll(() => browser?.close(), 30_000);

/** A sound that changes, encoded in the page with packets that vary. */
function encode(): Promise<number[][]> {
  return new Promise((resolve, reject) => {
    const packets: number[][] = [];
    const encoder = new AudioEncoder({
      error: reject,
      output(chunk) {
        const bytes = new Uint8Array(chunk.byteLength);
        chunk.copyTo(bytes);
        packets.push([...bytes]);
      },
    });
    encoder.configure({
      codec: 'opus',
      sampleRate: 48_000,
      numberOfChannels: 1,
      bitrate: 24_000,
      bitrateMode: 'variable',
    });
    const samples = Float32Array.from({ length: 48_000 }, (_, i) => {
      const isLoud = Math.floor(i / 6_000) % 2 === 0;
      return isLoud ? 0.4 * Math.sin(i / (4 + (i % 6_000) / 900)) : 0;
    });
    encoder.encode(
      new AudioData({
        format: 'f32-planar',
        sampleRate: 48_000,
        numberOfFrames: samples.length,
        numberOfChannels: 1,
        timestamp: 0,
        data: samples,
      }),
    );
    encoder.flush().then(() => resolve(packets), reject);
  });
}

/** What the browser's own decoder makes of packets: every sample. */
function decode(packets: number[][]): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const heard: number[] = [];
    const decoder = new AudioDecoder({
      error: reject,
      output(data) {
        const samples = new Float32Array(data.numberOfFrames);
        data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
        heard.push(...samples);
      },
    });
    decoder.configure({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 1 });
    packets.forEach((packet, i) => {
      decoder.decode(
        new EncodedAudioChunk({ type: 'key', timestamp: i * 20_000, data: Uint8Array.from(packet) }),
      );
    });
    decoder.flush().then(() => resolve(heard), reject);
  });
}

describe('padded packets in a browser', () => {
  it('sound to the last sample like those that were not padded', async () => {
    const packets = await page.evaluate(encode);
    expect(packets.length).toBeGreaterThan(40);
    expect(new Set(packets.map(({ length }) => length)).size).toBeGreaterThan(3);
    const padded = packets.map((packet) => [...(padOpus(Uint8Array.from(packet), 400) ?? [])]);
    expect(padded.every(({ length }) => length === 400)).toBe(true);
    const [plain, heard] = [await page.evaluate(decode, packets), await page.evaluate(decode, padded)];
    expect(plain.some((sample) => Math.abs(sample) > 0.1)).toBe(true);
    expect(heard).toEqual(plain);
  });
});
