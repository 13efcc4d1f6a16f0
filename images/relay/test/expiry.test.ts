import { randomInt } from 'node:crypto';
import { MAX_BLOB_LIFE_HOURS, MIN_BLOB_LIFE_HOURS } from '@relay/protocol/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expiryHour } from '../src/blobs/expiry.ts';
import { HOUR_MS } from '../src/time.ts';

const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2099, 11, 31) });
const shortest = () => 0;
const longest = (n: number) => n - 1;
const middle = (n: number) => (n - 1) / 2;

/** The date and hour of an expiry, as `2028-02-29T23`. */
function at(now: number, uniform: (n: number) => number): string {
  return new Date(expiryHour(now, uniform) * HOUR_MS).toISOString().slice(0, 13);
}

test('a blob lives 60 to 108 hours', () => {
  fc.assert(
    fc.property(instant, (now) => {
      const life = expiryHour(now, randomInt) - now / HOUR_MS;
      expect(life).toBeGreaterThan(MIN_BLOB_LIFE_HOURS);
      expect(life).toBeLessThanOrEqual(MAX_BLOB_LIFE_HOURS);
    }),
  );
});

test('the bounds are reached by the first and the last moment of a day', () => {
  const midnight = Date.UTC(2026, 5, 15);
  expect(expiryHour(midnight, longest) - midnight / HOUR_MS).toBe(MAX_BLOB_LIFE_HOURS);
  expect(expiryHour(midnight - 1, shortest) - midnight / HOUR_MS).toBe(MIN_BLOB_LIFE_HOURS);
});

test('the expiry is a whole hour that tells the day of arrival and no more', () => {
  fc.assert(
    fc.property(instant, fc.integer({ min: 0, max: 24 }), (now, draw) => {
      const startOfDay = now - (now % (24 * HOUR_MS));
      const expiry = expiryHour(now, () => draw);
      expect(Number.isInteger(expiry)).toBe(true);
      expect(expiry).toBe(expiryHour(startOfDay, () => draw));
    }),
  );
});

test('the shift is drawn from 25 whole hours, of which 0 to 24 all occur', () => {
  const asked: number[] = [];
  expiryHour(0, (n) => asked.push(n));
  expect(asked).toEqual([25]);
  const hours = new Set(Array.from({ length: 2_000 }, () => expiryHour(0, randomInt)));
  expect([...hours].sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, i) => 24 + 72 - 12 + i));
});

test.each([
  ['2028-02-26T10:00Z', '2028-03-01T00'],
  ['2028-02-28T23:59Z', '2028-03-03T00'],
  ['2027-02-26T10:00Z', '2027-03-02T00'],
  ['2026-01-31T00:00Z', '2026-02-04T00'],
  ['2026-12-30T12:00Z', '2027-01-03T00'],
])('leap days and ends of months: what arrives at %s expires around %s', (arrival, expiry) => {
  expect(at(Date.parse(arrival), middle)).toBe(expiry);
});
