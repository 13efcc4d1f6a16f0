import { randomBytes } from '@relay/protocol/wire';
import { expect, test } from 'vitest';
import { decodeArrivals, encodeArrivals, MAX_ARRIVALS } from '../src/events/channels.ts';

const arrivals = Array.from({ length: MAX_ARRIVALS }, (_, i) => ({
  mailbox: randomBytes(32),
  id: randomBytes(16),
  expiryHour: 500_000 + i,
}));

test('arrivals survive the channel', () => {
  const decoded = decodeArrivals(encodeArrivals(arrivals)).map(({ mailbox, id, expiryHour }) => ({
    mailbox: Uint8Array.from(mailbox),
    id: Uint8Array.from(id),
    expiryHour,
  }));
  expect(decoded).toEqual(arrivals);
});

test('the largest payload is below the 8,000 bytes that PostgreSQL takes', () => {
  expect(encodeArrivals(arrivals).length).toBeLessThan(8_000);
});

test('no arrivals make no arrivals', () => {
  expect(decodeArrivals('')).toEqual([]);
});
