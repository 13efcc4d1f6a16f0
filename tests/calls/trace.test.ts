import { SIGNAL_BOX_BYTES } from '@relay/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { callCircle } from '../support/call-circle.ts';
import { shareGroup } from '../support/groups.ts';
import { findPlaintext } from '../support/plaintext.ts';
import { readDatabase } from '../support/stored.ts';

const LABELS = ['Adelheid Quandt', 'Bartholomäus Zwirn', 'Clementine Yttrium'];
const GROUP = 'Lighthouse keepers';
const SEATS_BYTES = 64;
/** What stands in every description and candidate, in the words of their formats. */
const WORDS = [
  'a=fingerprint',
  'a=ice-ufrag',
  'a=candidate',
  'm=audio',
  'm=video',
  'opus/48000',
  ' typ relay',
  'UDP/TLS/RTP',
];

const circle = callCircle(LABELS, { isProxied: true });
/** Lines of descriptions and candidates that belong to this call alone. */
let lines: string[];

/** Fingerprints as bytes too, since a signal need not be text. */
function fingerprintBytes(texts: readonly string[]): Buffer[] {
  return texts
    .flatMap((text) => [...text.matchAll(/^a=fingerprint:sha-256 (.*)$/gm)])
    .map(([, hex = '']) => Buffer.from(hex.replaceAll(':', ''), 'hex'));
}

beforeAll(async () => {
  const windows = await circle.open(1, 2, 3);
  const [caller, ...others] = windows;
  await shareGroup([caller.window, ...others.map(({ window }) => window)], GROUP, [2, 3]);
  await caller.call('video');
  await Promise.all(others.map((window) => window.accept(true)));
  for (const window of windows) await window.meets(2);
  await Promise.all(windows.map((window) => window.seesFrames(2)));
  await caller.press('mute');
  await caller.press('screen');
  await Promise.all(others.map(({ window }) => window.byId('tile-screen').waitFor()));
  const descriptions = (await Promise.all(windows.map((window) => window.descriptions()))).flat();
  const candidates = (await Promise.all(windows.map((window) => window.candidates()))).flat();
  const telling = /^a=(fingerprint|ice-ufrag|ice-pwd|candidate|ssrc|msid)/;
  lines = [
    ...new Set([
      ...descriptions.flatMap(({ sdp }) => sdp.split('\r\n').filter((line) => telling.test(line))),
      ...candidates,
    ]),
  ];
  for (const window of windows) await window.leave();
});

describe('what the relay handles in a call', () => {
  it('is all of what it was sent and sent: sessions, rooms, credentials and signals are in it', () => {
    const seen = circle.proxy.seen();
    for (const event of ['"room"', '"join"', '"arrived"', '"left"', '"signal"', '/v1/turn', '/v1/session'])
      expect(seen.includes(event), event).toBe(true);
    expect(circle.proxy.signals.filter(({ toMember }) => toMember).length).toBeGreaterThan(20);
    expect(circle.proxy.signals.filter(({ toMember }) => !toMember).length).toBeGreaterThan(20);
    expect(lines.length).toBeGreaterThan(12);
    for (const line of lines.filter((one) => one.startsWith('a=fingerprint')))
      expect(findPlaintext(Buffer.from(`{"sdp":${JSON.stringify(`v=0\r\n${line}\r\n`)}}`), [line])).toEqual([
        line,
      ]);
  });

  it('holds no description, no address, no fingerprint and no name', () => {
    const seen = circle.proxy.seen();
    expect(findPlaintext(seen, [...WORDS, ...lines, ...LABELS, GROUP])).toEqual([]);
    // What a line says without its beginning.
    const values = lines.flatMap((line) => line.split(/[: ]/).filter((word) => word.length > 15));
    expect(findPlaintext(seen, values)).toEqual([]);
    for (const fingerprint of fingerprintBytes(lines)) {
      expect(fingerprint).toHaveLength(32);
      expect(seen.includes(fingerprint)).toBe(false);
    }
  });

  it('has three sizes of signals and no other', () => {
    const sizes = new Set(circle.proxy.signals.map(({ frame }) => frame.length - SEATS_BYTES));
    for (const size of sizes) expect(SIGNAL_BOX_BYTES).toContain(size);
    expect(sizes.size).toBeGreaterThan(1);
  });

  it('never repeats a box but when it is sent again as it was, and no seat of another room', () => {
    const boxes = new Map<string, string>();
    for (const { frame } of circle.proxy.signals) {
      const seats = frame.subarray(0, SEATS_BYTES).toString('hex');
      const box = frame.subarray(SEATS_BYTES).toString('base64');
      expect(boxes.get(box) ?? seats).toBe(seats);
      boxes.set(box, seats);
    }
  });

  it('is written down nowhere: not in its log, not in its database', async () => {
    const seats = circle.proxy.signals.flatMap(({ frame }) => [
      frame.subarray(0, 32),
      frame.subarray(32, 64),
    ]);
    const log = circle.stack.relayLog();
    const { bytes } = await readDatabase(circle.stack.databaseUrl);
    const database = Buffer.from(bytes);
    for (const seat of new Set(seats.map((one) => one.toString('hex')))) {
      const raw = Buffer.from(seat, 'hex');
      for (const form of [raw, seat, raw.toString('base64'), raw.toString('base64url')]) {
        expect(database.includes(form)).toBe(false);
        expect(log.includes(form.toString('latin1'))).toBe(false);
      }
    }
    expect(findPlaintext(Buffer.from(log), [...WORDS, ...lines, ...LABELS, GROUP])).toEqual([]);
    expect(findPlaintext(database, [...WORDS, ...lines, ...LABELS, GROUP])).toEqual([]);
  });
});
