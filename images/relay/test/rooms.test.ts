import type { Bytes, joinPayload } from '@relay/protocol/wire';
import {
  concat,
  hex,
  JOIN_SECONDS,
  joinMessage,
  randomBytes,
  SIGNAL_BOX_BYTES,
  SIGNAL_BURST,
  SIGNALS_PER_SECOND,
} from '@relay/protocol/wire';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { memoryInUse } from '../../../protocol/test/support/fuzz.ts';
import { createLimiter } from '../src/limits/limiter.ts';
import { createShares } from '../src/limits/shares.ts';
import type { Holder } from '../src/rooms/service.ts';
import { createRoomService } from '../src/rooms/service.ts';
import type { TestRoom } from './support/rooms.ts';
import { makeRoom } from './support/rooms.ts';

/** Of one member. */
const MOST_SEATS = 3;
const circleId = randomBytes(32);
const origin = 'https://relay.example';
const session = { keyHash: randomBytes(32) };

interface TestHolder extends Holder {
  told: (event: 'arrived' | 'left', own: Uint8Array, seat: Uint8Array) => void;
  heard: string[];
  there: boolean;
  slow: boolean;
}

function makeHolder(): TestHolder {
  const holder: TestHolder = {
    joining: undefined,
    heard: [],
    there: true,
    slow: false,
    isThere: () => holder.there,
    told: (event, own, seat) => holder.heard.push(`${event} ${hex(seat)} at ${hex(own)}`),
    signalled: () => !holder.slow,
  };
  return holder;
}

function setUp(findCircleId = async (): Promise<Bytes | undefined> => circleId) {
  const clock = { now: 1_000_000 };
  const now = () => clock.now;
  const signals = createLimiter({ burst: SIGNAL_BURST, refillSeconds: 1 / SIGNALS_PER_SECOND }, now);
  const limits = { signals, rooms: createShares(MOST_SEATS, 'too many') };
  const rooms = createRoomService({ findCircleId, publicUrls: [origin], limits, now, randomBytes });
  const claim = async (room: TestRoom, nonce: Bytes, seat = randomBytes(32), who = session) => {
    const message = joinMessage({ circleId, origin, nonce, roomKey: room.publicKey, seat, ...who });
    const signature = await room.sign(message);
    return { origin, nonce, roomKey: room.publicKey, seat, signature } satisfies z.output<typeof joinPayload>;
  };
  const sit = async (room: TestRoom, holder: Holder, who = session) => {
    const asked = await claim(room, rooms.invite(holder), undefined, who);
    const take = await rooms.join(holder, who, asked);
    take();
    return asked.seat;
  };
  return { clock, limits, rooms, claim, sit };
}

test('a member has so many seats in all its windows together, and one again when one is left or refused', async () => {
  const { rooms, claim, sit } = setUp();
  const [room, ...windows] = [await makeRoom(), makeHolder(), makeHolder(), makeHolder(), makeHolder()];
  const [one, two, three, four] = windows as [TestHolder, TestHolder, TestHolder, TestHolder];
  const seat = await sit(room, one);
  await sit(room, two);
  await expect(
    claim(room, rooms.invite(three), seat)
      .then((asked) => rooms.join(three, session, asked))
      .then((take) => take()),
  ).rejects.toMatchObject({ code: 'seat_taken' });
  await sit(room, three);
  await expect(sit(room, four)).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 30 });
  rooms.leave(one, seat);
  await sit(room, four);
  await expect(sit(room, one)).rejects.toMatchObject({ code: 'rate_limited' });
  rooms.leaveAll(four);
  await sit(room, one);
});

test('members have seats of their own: one that has all it may have takes none from others', async () => {
  const { sit } = setUp();
  const [room, other] = [await makeRoom(), { keyHash: randomBytes(32) }];
  for (let i = 0; i < MOST_SEATS; i++) await sit(room, makeHolder());
  await expect(sit(room, makeHolder())).rejects.toMatchObject({ code: 'rate_limited' });
  for (let i = 0; i < MOST_SEATS; i++) await sit(room, makeHolder(), other);
});

test('nothing is kept of a seat that was left', async () => {
  const { limits, rooms, sit } = setUp();
  const released: WeakRef<() => void>[] = [];
  const { take } = limits.rooms;
  limits.rooms.take = (who) => {
    const release = take(who);
    released.push(new WeakRef(release));
    return release;
  };
  const [room, holder] = [await makeRoom(), makeHolder()];
  rooms.leave(holder, await sit(room, holder));
  await sit(room, holder);
  // It collects what nothing holds.
  await memoryInUse();
  expect(released.map((one) => one.deref() !== undefined)).toEqual([false, true]);
});

test('the signals of a member count together, from whichever of its seats', async () => {
  const { rooms, sit } = setUp();
  const [room, window, others] = [await makeRoom(), makeHolder(), makeHolder()];
  const [one, two, to] = [await sit(room, window), await sit(room, window), await sit(room, others)];
  const box = randomBytes(SIGNAL_BOX_BYTES[0]);
  const send = (from: Bytes) => rooms.signal(window, session, { from, to, box }, concat(from, to, box));
  for (let i = 0; i < SIGNAL_BURST; i++) send(one);
  for (const from of [one, two])
    expect(() => send(from)).toThrow(expect.objectContaining({ code: 'rate_limited' }));
});

const refused = { code: 'room_refused' };

test('whoever goes while its proof is checked takes no seat, and nobody is told', async () => {
  const { rooms, claim, sit } = setUp();
  const [room, one, two] = [await makeRoom(), makeHolder(), makeHolder()];
  await sit(room, one);
  const take = await rooms.join(two, session, await claim(room, rooms.invite(two)));
  two.there = false;
  rooms.leaveAll(two);
  expect(take).toThrow(expect.objectContaining({ code: 'session_ended' }));
  expect(rooms.size()).toEqual({ rooms: 1, seats: 1 });
  expect(one.heard).toEqual([]);
});

test('a nonce serves one of two joins that are on their way at once', async () => {
  const { rooms, claim } = setUp();
  const [room, holder] = [await makeRoom(), makeHolder()];
  const nonce = rooms.invite(holder);
  const claims = [await claim(room, nonce), await claim(room, nonce)];
  const joins = await Promise.allSettled(claims.map((each) => rooms.join(holder, session, each)));
  expect(joins.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});

test('a nonce is its holder’s alone, and ends with its time', async () => {
  const { clock, rooms, claim } = setUp();
  const [room, one, two] = [await makeRoom(), makeHolder(), makeHolder()];
  rooms.invite(two);
  await expect(rooms.join(two, session, await claim(room, rooms.invite(one)))).rejects.toMatchObject(refused);
  const late = await claim(room, rooms.invite(one));
  clock.now += JOIN_SECONDS * 1000;
  await expect(rooms.join(one, session, late)).rejects.toMatchObject(refused);
});

test('a relay without a circle has no rooms', async () => {
  const { rooms, claim } = setUp(async () => undefined);
  const [room, holder] = [await makeRoom(), makeHolder()];
  const asked = await claim(room, rooms.invite(holder));
  await expect(rooms.join(holder, session, asked)).rejects.toMatchObject(refused);
});

test('a recipient that takes in slowly is not sent more, and its seat stays', async () => {
  const { rooms, sit } = setUp();
  const [room, one, two] = [await makeRoom(), makeHolder(), makeHolder()];
  const [from, to] = [await sit(room, one), await sit(room, two)];
  const box = randomBytes(SIGNAL_BOX_BYTES[0]);
  const send = () => rooms.signal(one, session, { from, to, box }, concat(from, to, box));
  two.slow = true;
  expect(send).toThrow(expect.objectContaining({ code: 'rate_limited' }));
  two.slow = false;
  expect(send).not.toThrow();
  expect(rooms.size()).toEqual({ rooms: 1, seats: 2 });
});

test('all seats of a holder are left at once, and nothing is kept', async () => {
  const { rooms, sit } = setUp();
  const [room, other, one, two] = [await makeRoom(), await makeRoom(), makeHolder(), makeHolder()];
  const seats = [await sit(room, one), await sit(other, one)];
  const own = await sit(room, two);
  rooms.leaveAll(one);
  expect(two.heard).toEqual([`left ${hex(seats[0] as Bytes)} at ${hex(own)}`]);
  rooms.leaveAll(two);
  expect(rooms.size()).toEqual({ rooms: 0, seats: 0 });
});
