import type { Bytes } from '@relay/protocol/wire';
import {
  b64,
  EVENTS,
  fromB64,
  hex,
  MAX_ROOMS_PER_SOCKET,
  randomBytes,
  SIGNAL_BOX_BYTES,
  SIGNAL_BURST,
  SIGNAL_UNIT_BYTES,
  SIGNALS_PER_SECOND,
} from '@relay/protocol/wire';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import { makeDatabase, sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';
import type { Sitter } from '../support/rooms.ts';
import { makeRoom, sitterOf } from '../support/rooms.ts';
import type { Transports } from '../support/socket.ts';
import { connectSocket } from '../support/socket.ts';
import { until, untilReady } from '../support/until.ts';

const circle = await makeCircle();
const [alice, bob, carol] = circle.members as [TestMember, TestMember, TestMember];
const clock: { ahead: number; stoppedAt?: number | undefined } = { ahead: 0 };
let databaseUrl: string;
let relay: Relay;
beforeAll(async () => {
  databaseUrl = await makeDatabase(circle);
  relay = await startRelay({ databaseUrl, now: () => (clock.stoppedAt ?? Date.now()) + clock.ahead });
  await untilReady(relay.url);
});
afterAll(() => relay.close());

const opened: Sitter[] = [];
const tokens = new Map<Sitter, Bytes>();
afterEach(() => {
  clock.ahead = 0;
  clock.stoppedAt = undefined;
  for (const { socket } of opened.splice(0)) socket.close();
});

async function open(member: TestMember, transports?: Transports): Promise<Sitter> {
  const token = await logIn(relay.url, circle, member);
  const socket = await connectSocket(relay.url, token, undefined, transports);
  const sitter = sitterOf(relay.url, circle, member, socket);
  tokens.set(sitter, token);
  opened.push(sitter);
  return sitter;
}

const box = (size = SIGNAL_BOX_BYTES[0] as number) => randomBytes(size);

test('members with the room’s secret meet, are told of each other, and signal from seat to seat', async () => {
  const room = await makeRoom();
  const [one, two, three] = [await open(alice), await open(bob), await open(carol)];
  expect(await one.join(room)).toEqual([]);
  expect(await two.join(room)).toEqual([hex(one.seat)]);
  const seats = await three.join(room);
  expect(new Set(seats)).toEqual(new Set([hex(one.seat), hex(two.seat)]));
  await until('the first was told', () => one.told.length === 2);
  expect(one.told).toEqual([`arrived ${hex(two.seat)}`, `arrived ${hex(three.seat)}`]);

  const boxes = SIGNAL_BOX_BYTES.map((size) => box(size));
  for (const one_ of boxes) expect(await two.signal(one.seat, one_)).toBe('ok');
  await until('all signals were there', () => one.frames.length === boxes.length);
  expect(one.frames.map((frame) => hex(frame.subarray(64)))).toEqual(boxes.map(hex));
  expect(one.frames.every((frame) => hex(frame.subarray(0, 32)) === hex(two.seat))).toBe(true);
  expect(three.frames).toEqual([]);

  expect(await two.socket.ask(EVENTS.leave, { seat: b64(two.seat) })).toBe('ok');
  await until('the others were told', () =>
    [one, three].every(({ told }) => told.at(-1) === `left ${hex(two.seat)}`),
  );
  expect(await one.signal(two.seat, box())).toBe('seat_unknown');
});

test('signals keep their order, however fast they come', async () => {
  const room = await makeRoom();
  const [one, two] = [await open(alice), await open(bob)];
  await one.join(room);
  await two.join(room);
  const boxes = Array.from({ length: 200 }, (_, i) => box().fill(i, 0, 1));
  await Promise.all(boxes.map((each) => two.signal(one.seat, each)));
  await until('all were there', () => one.frames.length === boxes.length);
  expect(one.frames.map((frame) => frame[64])).toEqual(boxes.map((_, i) => i));
});

test('the longest signals pass where there is only long polling, several at once too', async () => {
  const room = await makeRoom();
  const [one, two] = [await open(alice), await open(bob, ['polling'])];
  await one.join(room);
  await two.join(room);
  const boxes = Array.from({ length: 6 }, (_, i) => box(SIGNAL_BOX_BYTES[2]).fill(i, 0, 1));
  const answers = await Promise.all(boxes.map((each) => two.signal(one.seat, each)));
  expect(answers).toEqual(boxes.map(() => 'ok'));
  await until('all were there', () => one.frames.length === boxes.length);
  expect(one.frames.map((frame) => frame[64])).toEqual(boxes.map((_, i) => i));
  for (const each of boxes) expect(await one.signal(two.seat, each)).toBe('ok');
  await until('all were back', () => two.frames.length === boxes.length);
  expect(two.socket.raw.connected).toBe(true);
});

test('a proof is for one nonce, one socket, one member, one seat, one room, one circle and one origin', async () => {
  const room = await makeRoom();
  const [one, two] = [await open(alice), await open(bob)];
  const stranger = await makeRoom();
  expect(await one.join({ ...room, sign: stranger.sign })).toBe('room_refused');
  expect(await one.join(room, { nonce: randomBytes(32) })).toBe('room_refused');
  expect(await one.join(room, { keyHash: bob.keyHash })).toBe('room_refused');
  expect(await one.join(room, { circleId: randomBytes(32) })).toBe('room_refused');
  expect(await one.join(room, { origin: 'https://elsewhere.example' })).toBe('origin_mismatch');
  expect(await one.join(room, { signature: randomBytes(64) })).toBe('room_refused');
  // Nobody sat down by any of it.
  expect(await two.join(room)).toEqual([]);
});

test('a nonce is good for one attempt and a minute', async () => {
  const room = await makeRoom();
  const one = await open(alice);
  const { nonce } = await one.socket.raw.emitWithAck(EVENTS.room, {});
  // `join` asks for a nonce of its own, which takes the place of this one.
  expect(await one.join(room, { nonce: fromB64(nonce) })).toBe('room_refused');
  const late = () => {
    clock.ahead = 60_001;
  };
  expect(await one.join(room, { meanwhile: late })).toBe('room_refused');
  const soon = () => {
    clock.ahead += 59_000;
  };
  expect(await one.join(room, { meanwhile: soon })).toEqual([]);
  const again = { origin: relay.url, nonce, roomKey: nonce, seat: nonce, signature: b64(randomBytes(64)) };
  expect(await one.socket.ask(EVENTS.join, again)).toBe('room_refused');
});

test('a seat that is taken stays its holder’s, in whatever room', async () => {
  const [room, other] = [await makeRoom(), await makeRoom()];
  const [one, two] = [await open(alice), await open(bob)];
  await one.join(room);
  expect(await two.join(room, { seat: one.seat })).toBe('seat_taken');
  expect(await two.join(other, { seat: one.seat })).toBe('seat_taken');
  await two.socket.ask(EVENTS.leave, { seat: b64(one.seat) });
  expect(await two.join(room)).toEqual([hex(one.seat)]);
});

test('no signal goes from another’s seat, to another room, or to oneself', async () => {
  const [room, other] = [await makeRoom(), await makeRoom()];
  const [one, two, three] = [await open(alice), await open(bob), await open(carol)];
  await one.join(room);
  await two.join(room);
  await three.join(other);
  expect(await three.signal(one.seat, box())).toBe('seat_unknown');
  expect(await three.signal(one.seat, box(), two.seat)).toBe('seat_unknown');
  expect(await one.signal(one.seat, box())).toBe('seat_unknown');
  expect(await one.signal(randomBytes(32), box())).toBe('seat_unknown');
  expect([...one.frames, ...two.frames, ...three.frames]).toEqual([]);
});

test('a socket has so many seats and no more', async () => {
  const one = await open(alice);
  for (let i = 0; i < MAX_ROOMS_PER_SOCKET; i++) expect(await one.join(await makeRoom())).toEqual([]);
  expect(await one.join(await makeRoom())).toBe('rate_limited');
  await one.socket.ask(EVENTS.leave, { seat: b64(randomBytes(32)) });
  expect(await one.join(await makeRoom())).toBe('rate_limited');
});

test('whoever disconnects, is revoked or whose session ends leaves every seat', async () => {
  const room = await makeRoom();
  const [one, gone, ended] = [await open(alice), await open(bob), await open(carol)];
  await one.join(room);
  await gone.join(room);
  await ended.join(room);
  gone.socket.raw.io.engine.close();
  await until('the first was gone', () => one.told.includes(`left ${hex(gone.seat)}`));
  await sql(databaseUrl, 'DELETE FROM session WHERE token_hash = sha256($1)', [tokens.get(ended)]);
  await until('the second was gone', () => one.told.includes(`left ${hex(ended.seat)}`));
  expect(await (await open(bob)).join(room)).toEqual([hex(one.seat)]);
});

test('a room is empty again after the last has left: the next one is the first', async () => {
  const room = await makeRoom();
  const [one, two] = [await open(alice), await open(bob)];
  await one.join(room);
  one.socket.close();
  await until('it was empty', async () => (await two.join(room)).length === 0);
});

test('a call goes on while the database is away, and nobody new comes in', async () => {
  const room = await makeRoom();
  const [one, two] = [await open(alice), await open(bob)];
  const three = await open(carol);
  await one.join(room);
  await two.join(room);
  const name = new URL(databaseUrl).pathname.slice(1);
  const admin = inject('postgresUrl');
  await sql(admin, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await sql(admin, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  // A database that is there but closed is another fault than one that is away.
  await sql(admin, `ALTER DATABASE ${name} RENAME TO ${name}_away`);
  try {
    expect(await two.signal(one.seat, box())).toBe('ok');
    expect(await three.join(room)).toBe('unavailable');
    expect(await two.socket.ask(EVENTS.leave, { seat: b64(two.seat) })).toBe('ok');
  } finally {
    await sql(admin, `ALTER DATABASE ${name}_away RENAME TO ${name}`);
    await sql(admin, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  }
  await untilReady(relay.url);
  expect(await three.join(room)).toEqual([hex(one.seat)]);
});

test('a member that signals without end is told to wait, and the others are not', async () => {
  const room = await makeRoom();
  const [one, two] = [await open(alice), await open(bob)];
  await one.join(room);
  await two.join(room);
  // Everyone has a whole allowance by then, and nobody gets more meanwhile.
  clock.stoppedAt = Date.now() + (SIGNAL_BURST / SIGNALS_PER_SECOND) * 1000;
  const [big, units] = [box(SIGNAL_BOX_BYTES[2]), SIGNAL_BOX_BYTES[2] / SIGNAL_UNIT_BYTES];
  const answers = await Promise.all(Array.from({ length: 400 }, () => two.signal(one.seat, big)));
  const most = Math.floor(SIGNAL_BURST / units);
  expect(answers).toEqual(answers.map((_, i) => (i < most ? 'ok' : 'rate_limited')));
  const others = await Promise.all(Array.from({ length: 100 }, () => one.signal(two.seat, big)));
  expect(others).toEqual(others.map(() => 'ok'));
});

const seat = b64(randomBytes(32));
test.each<[string, string, unknown[]]>([
  ['room with more than nothing', EVENTS.room, [{ room: seat }]],
  ['room with null', EVENTS.room, [null]],
  ['join with nothing', EVENTS.join, [{}]],
  [
    'join with a short key',
    EVENTS.join,
    [{ origin: 'x', nonce: seat, roomKey: 'AAAA', seat, signature: seat }],
  ],
  ['leave with a number', EVENTS.leave, [{ seat: 7 }]],
  ['leave with two payloads', EVENTS.leave, [{ seat }, { seat }]],
  ['a signal as text', EVENTS.signal, ['x'.repeat(4_160)]],
  ['a signal with a box of another size', EVENTS.signal, [Buffer.alloc(64 + 4_095)]],
  ['an empty signal', EVENTS.signal, [Buffer.alloc(0)]],
  ['a signal without a box', EVENTS.signal, [Buffer.alloc(64)]],
  ['an event of the relay', EVENTS.arrived, [{ own: seat, seat }]],
])('%s is a bad request and changes nothing', async (_name, event, payloads) => {
  const room = await makeRoom();
  const [one, two] = [await open(alice), await open(bob)];
  await one.join(room);
  expect(await one.socket.ask(event, ...payloads)).toBe('bad_request');
  expect(await two.join(room)).toEqual([hex(one.seat)]);
});
