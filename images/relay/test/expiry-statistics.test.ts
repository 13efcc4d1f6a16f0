import { randomInt } from 'node:crypto';
import { MAX_BLOB_LIFE_HOURS, MIN_BLOB_LIFE_HOURS } from '@relay/protocol/wire';
import { expect, test } from 'vitest';
import { expiryHour } from '../src/blobs/expiry.ts';
import { createBlobService } from '../src/blobs/service.ts';
import { HOUR_MS } from '../src/time.ts';
import { compareCounts } from './support/statistics.ts';

const BLOBS = 10_000;
const DRAWS = 25;
/** By chance alone one comparison in so many would fail. */
const ODDS = 1e7;

/** Sends blobs at a chosen time of the day through the real service; resolves to the hours of expiry that it stores. */
async function sendAt(times: readonly number[]): Promise<number[]> {
  const clock = { now: 0 };
  const stored: number[] = [];
  const service = createBlobService({
    repository: {
      insert: async ({ expiryHour: hour }) => stored.push(hour) > 0,
      compare: () => Promise.reject(new Error('nothing is there')),
      read: () => (async function* () {})(),
      remove: async () => 0,
    },
    tickets: { spend: async () => new Uint8Array(32) },
    mailboxes: { take: () => {} },
    announce: () => {},
    now: () => clock.now,
    uniform: (n) => randomInt(n),
  });
  const [id, readHash, deleteHash, blob] = [16, 32, 32, 65_536].map((n) => new Uint8Array(n)) as [
    Uint8Array<ArrayBuffer>,
    Uint8Array<ArrayBuffer>,
    Uint8Array<ArrayBuffer>,
    Uint8Array<ArrayBuffer>,
  ];
  for (const time of times) {
    clock.now = time;
    await service.upload(new Uint8Array(32), { id, readHash, deleteHash, blob });
  }
  return stored;
}

/** Moments within an hour of a day. */
function momentsIn(day: number, hour: number, count: number): number[] {
  return Array.from({ length: count }, () => day + hour * HOUR_MS + randomInt(HOUR_MS));
}

/** How often each hour occurs that one day's blobs can expire at. */
function countHours(expiries: readonly number[], day: number): number[] {
  const first = expiryHour(day, () => 0);
  const counts: number[] = Array(DRAWS).fill(0);
  for (const expiry of expiries) {
    expect(expiry - first).toSatisfy(
      (place: number) => Number.isInteger(place) && place >= 0 && place < DRAWS,
    );
    counts[expiry - first] = (counts[expiry - first] ?? 0) + 1;
  }
  return counts;
}

// A common day, a leap day, the days before and after one, the last of February in a year without one, and of a century without.
test.each(['2026-06-15', '2028-02-28', '2028-02-29', '2028-03-01', '2027-02-28', '2027-12-31', '2100-02-28'])(
  'of 10,000 blobs sent on %s, the hour of sending does not show in the expiry',
  async (date) => {
    const day = Date.parse(`${date}T00:00Z`);
    const rest = Array.from({ length: BLOBS / 2 }, () => day + randomInt(24 * HOUR_MS));
    const spread = countHours(await sendAt(rest), day);
    // First, middle and last hour of the day, each against blobs from all over it.
    for (const hour of [0, 11, 12, 23]) {
      const chosen = countHours(await sendAt(momentsIn(day, hour, BLOBS / 8)), day);
      expect(compareCounts(chosen, spread)).toBeGreaterThan(1 / ODDS);
    }
    // And halves of the day against each other.
    const [early, late] = [0, 12].map((from) =>
      Array.from({ length: BLOBS / 2 }, () => day + from * HOUR_MS + randomInt(12 * HOUR_MS)),
    ) as [number[], number[]];
    const halves = [await sendAt(early), await sendAt(late)] as const;
    expect(compareCounts(countHours(halves[0], day), countHours(halves[1], day))).toBeGreaterThan(1 / ODDS);
    // Each of the 25 whole hours is as likely as the others.
    const even = Array(DRAWS).fill(BLOBS / DRAWS);
    const all = countHours([...halves[0], ...halves[1]], day);
    expect(compareCounts(all, even)).toBeGreaterThan(1 / ODDS);
  },
);

test('10,000 blobs sent at any time within eight years, leap days among them, live for 60 to 108 hours', async () => {
  const from = Date.UTC(2024, 0, 1);
  const times = Array.from({ length: BLOBS }, (_, i) =>
    i % 10 === 0
      ? Date.UTC(2028, 1, 29) + randomInt(24 * HOUR_MS)
      : from + randomInt(8 * 366) * 24 * HOUR_MS + randomInt(24 * HOUR_MS),
  );
  const expiries = await sendAt(times);
  const lives = times.map((time, i) => (expiries[i] ?? Number.NaN) - time / HOUR_MS);
  expect(Math.min(...lives)).toBeGreaterThan(MIN_BLOB_LIFE_HOURS);
  expect(Math.max(...lives)).toBeLessThanOrEqual(MAX_BLOB_LIFE_HOURS);
  expect(expiries.every(Number.isInteger)).toBe(true);
});
