import { MAX_ROOMS_PER_SOCKET, MAX_SEATS } from '@relay/protocol/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRoomRegistry } from '../src/rooms/registry.ts';

test('a room has so many seats and no more, and has one again when somebody leaves', () => {
  const registry = createRoomRegistry<number>();
  const seats = Array.from({ length: MAX_SEATS }, (_, i) => `seat ${i}`);
  for (const [i, seat] of seats.entries()) expect(registry.take('room', seat, i)).toHaveLength(i);
  expect(() => registry.take('room', 'one more', -1)).toThrow(expect.objectContaining({ code: 'room_full' }));
  expect(registry.take('another room', 'one more', -1)).toEqual([]);
  const first = registry.find('seat 0', 0);
  expect(first && registry.leave(first)).toHaveLength(MAX_SEATS - 1);
  expect(registry.take('room', 'and again', -1)).toHaveLength(MAX_SEATS - 1);
});

test('a window has so many seats and no more, is told when to try again, and has one again when it leaves', () => {
  const registry = createRoomRegistry<number>();
  for (let i = 0; i < MAX_ROOMS_PER_SOCKET; i++) registry.take(`room ${i}`, `seat ${i}`, 1);
  const refused = expect.objectContaining({ code: 'rate_limited', retryAfter: 30 });
  expect(() => registry.take('room', 'one more', 1)).toThrow(refused);
  expect(registry.take('room', 'another’s', 2)).toEqual([]);
  const first = registry.find('seat 0', 1);
  if (first) registry.leave(first);
  expect(registry.take('room', 'one more', 1)).toHaveLength(1);
});

test('whatever is taken and left, all agree on who sits where, and nothing stays behind', () => {
  // Few, so that some of them come to have all that one may have.
  const holder = fc.integer({ min: 0, max: 1 });
  const act = fc.record({
    holder,
    room: fc.integer({ min: 0, max: 2 }),
    seat: fc.integer({ min: 0, max: 20 }),
    leaves: fc.nat({ max: 3 }).map((n) => n === 0),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 80, size: 'max' }), (acts) => {
      const registry = createRoomRegistry<number>();
      const expected = new Map<string, { room: string; holder: number }>();
      for (const { holder: who, room: number, seat, leaves } of acts) {
        const [id, room] = [`seat ${seat}`, `room ${number}`];
        const own = [...expected.values()].filter((one) => one.holder === who).length;
        const found = registry.find(id, who);
        expect(found !== undefined).toBe(expected.get(id)?.holder === who);
        if (leaves) {
          if (found === undefined) continue;
          expected.delete(id);
          registry.leave(found);
        } else if (expected.has(id)) {
          expect(() => registry.take(room, id, who)).toThrow(expect.objectContaining({ code: 'seat_taken' }));
        } else if (own >= MAX_ROOMS_PER_SOCKET) {
          expect(() => registry.take(room, id, who)).toThrow(
            expect.objectContaining({ code: 'rate_limited' }),
          );
        } else {
          const others = [...expected].filter(([, one]) => one.room === room).map(([other]) => other);
          expect(new Set(registry.take(room, id, who).map((one) => one.id))).toEqual(new Set(others));
          expected.set(id, { room, holder: who });
        }
      }
      expect(registry.size()).toEqual({
        rooms: new Set([...expected.values()].map(({ room }) => room)).size,
        seats: expected.size,
      });
      for (const who of [0, 1]) for (const seat of registry.seatsOf(who)) registry.leave(seat);
      expect(registry.size()).toEqual({ rooms: 0, seats: 0 });
    }),
  );
});
