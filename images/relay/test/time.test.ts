import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currentHour, currentMinute, expiryMinute, HOUR_MS, MINUTE_MS } from '../src/time.ts';

test('what is good for some seconds is good for at least them, and less than a minute more', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 900 }), (now, seconds) => {
      const life = expiryMinute(now, seconds) * MINUTE_MS - now;
      expect(life).toBeGreaterThanOrEqual(seconds * 1000);
      expect(life).toBeLessThan(seconds * 1000 + MINUTE_MS);
    }),
  );
});

test('something is alive until the very moment of its minute or hour', () => {
  expect(currentMinute(7 * MINUTE_MS - 1)).toBe(6);
  expect(currentMinute(7 * MINUTE_MS)).toBe(7);
  expect(currentHour(7 * HOUR_MS - 1)).toBe(6);
  expect(currentHour(7 * HOUR_MS)).toBe(7);
});
