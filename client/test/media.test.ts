import { describe, expect, it } from 'vitest';
import type { ConnectionReport, Line } from '../src/media/media.ts';
import { levelOf } from '../src/media/meter.ts';
import { qualityOf } from '../src/media/quality.ts';
import { readReport } from '../src/media/report.ts';
import { roundOf } from '../src/media/ring.ts';
import { reachFault } from '../src/media/try-servers.ts';

const REPORT: ConnectionReport = {
  roundTrip: 0.05,
  loss: 0,
  jitter: 0.005,
  local: 'relay',
  remote: 'relay',
  frames: { camera: 0, screen: 0 },
};

describe('quality', () => {
  it.each([
    [{}, 'good'],
    [{ loss: 0.05 }, 'fair'],
    [{ loss: 0.2 }, 'poor'],
    [{ roundTrip: 0.4 }, 'fair'],
    [{ roundTrip: 2 }, 'poor'],
    [{ jitter: 0.05 }, 'fair'],
    [{ jitter: 0.5 }, 'poor'],
    [{ roundTrip: undefined }, 'unknown'],
  ])('of %o is %s', (change, quality) => {
    expect(qualityOf({ ...REPORT, ...change })).toBe(quality);
  });

  it('is unknown before anything was measured', () => {
    expect(qualityOf(undefined)).toBe('unknown');
  });
});

describe('a report', () => {
  const stats = (received: number, lost: number, chosen: object[]) =>
    new Map(
      [
        { id: 'l', type: 'local-candidate', candidateType: 'relay' },
        { id: 'r', type: 'remote-candidate', candidateType: 'host' },
        {
          id: 'v',
          type: 'inbound-rtp',
          mid: '0',
          packetsReceived: received,
          packetsLost: lost,
          jitter: 0.01,
        },
        { id: 'c', type: 'inbound-rtp', mid: '1', framesDecoded: 7 },
        ...chosen,
      ].map((stat) => [(stat as { id: string }).id, stat]),
    );
  const pair = { type: 'candidate-pair', localCandidateId: 'l', remoteCandidateId: 'r' };
  const lineOf = (mid: unknown): Line | undefined =>
    mid === '0' ? 'voice' : mid === '1' ? 'camera' : undefined;
  const CHROMIUM = [
    { id: 't', type: 'transport', selectedCandidatePairId: 'p' },
    { id: 'q', ...pair, currentRoundTripTime: 9, localCandidateId: 'r' },
    { id: 'p', ...pair, currentRoundTripTime: 0.1 },
  ];
  const FIREFOX = [
    { id: 'q', ...pair, currentRoundTripTime: 9, selected: false },
    { id: 'p', ...pair, currentRoundTripTime: 0.1, selected: true },
  ];

  it.each([
    ['Chromium', CHROMIUM],
    ['Firefox', FIREFOX],
  ])('takes the pair in use from %s', (_, chosen) => {
    expect(readReport(stats(100, 0, chosen), lineOf).report).toEqual({
      roundTrip: 0.1,
      loss: 0,
      jitter: 0.01,
      local: 'relay',
      remote: 'host',
      frames: { camera: 7, screen: 0 },
    });
  });

  it('counts the loss since the last one, and packets that came late after all', () => {
    const first = readReport(stats(90, 10, []), lineOf);
    expect(first.report.loss).toBeCloseTo(0.1);
    const second = readReport(stats(190, 10, []), lineOf, first.counted);
    expect(second.report).toMatchObject({ loss: 0, roundTrip: undefined, local: undefined });
    expect(readReport(stats(190, 5, []), lineOf, second.counted).report.loss).toBe(0);
  });
});

describe('loudness', () => {
  it('goes from nothing over speech to full', () => {
    const wave = (gain: number) => new Float32Array(1_024).map((_, i) => gain * Math.sin(i / 5));
    expect(levelOf(new Float32Array(1_024))).toBe(0);
    expect(levelOf(wave(0.05))).toBeGreaterThan(0.3);
    expect(levelOf(wave(0.05))).toBeLessThan(0.9);
    expect(levelOf(wave(1))).toBe(1);
  });
});

describe('ringing', () => {
  it.each(['incoming', 'outgoing'] as const)(
    'is a round of %s sound that begins and ends in silence',
    (tone) => {
      const samples = roundOf(tone, 8_000);
      expect(samples[0]).toBe(0);
      expect(samples.at(-1)).toBe(0);
      const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      expect(loudest).toBeGreaterThan(0.05);
      expect(loudest).toBeLessThan(0.6);
    },
  );
});

describe('why the relay for calls is not reached', () => {
  it('is said as far as its servers told', () => {
    expect(reachFault([701, 401]).message).toContain('does not accept the credentials');
    expect(reachFault([508]).message).toContain('no room');
    expect(reachFault([701]).message).toContain('does not answer');
  });
});
