import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasRoom, roomBesides } from '../src/tickets/room.ts';

const CAPACITY = 32_768;
const blobs = fc.integer({ min: 0, max: CAPACITY - 32 });

test.each([
  [0, 28_672],
  [4_064, 28_672],
  [4_065, 24_576],
  [CAPACITY - 32 - 1_023, 896],
  [CAPACITY - 32 - 9, 8],
  [CAPACITY - 32 - 8, 8],
  [CAPACITY - 32 - 7, 7],
  [CAPACITY - 32 - 1, 1],
  [CAPACITY - 32, 0],
])('a mailbox with %i blobs tells of room for %i besides a ticket', (held, room) => {
  expect(hasRoom(held, CAPACITY)).toBe(true);
  expect(roomBesides(held, CAPACITY)).toBe(room);
});

test('no ticket is sold where the mailbox cannot hold all of it', () => {
  expect(hasRoom(CAPACITY - 31, CAPACITY)).toBe(false);
});

test('the room told is never more than there is, at most a fifth below it, and has three binary digits', () => {
  fc.assert(
    fc.property(blobs, (held) => {
      const room = CAPACITY - 32 - held;
      const told = roomBesides(held, CAPACITY);
      expect(told).toBeLessThanOrEqual(room);
      expect(told).toBeGreaterThanOrEqual(room * 0.8);
      expect(told.toString(2)).toMatch(/^[01]{1,3}0*$/);
    }),
  );
});

test('one message more or less is seldom told', () => {
  const told = new Set(Array.from({ length: CAPACITY - 31 }, (_, held) => roomBesides(held, CAPACITY)));
  expect(told.size).toBeLessThan(60);
});
