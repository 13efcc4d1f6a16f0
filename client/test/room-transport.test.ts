import { b64, EVENTS, fromHex, hex, RelayError, randomBytes } from '@relay/protocol';
import { expect, it } from 'vitest';
import type { Ask } from '../src/transport/rooms.ts';
import { Rooms, roomsOver } from '../src/transport/rooms.ts';

const [nonce, roomKey, signature] = [randomBytes(32), randomBytes(32), randomBytes(64)];
const seat = hex(randomBytes(32));
const prove = async () => ({ roomKey, signature });

/** The rooms of a socket whose relay answers so. */
function setUp(join: () => unknown) {
  const asked: [string, unknown][] = [];
  const ask = (async (_schema: unknown, event: string, payload: unknown) => {
    asked.push([event, payload]);
    if (event === EVENTS.room) return { ok: true, nonce };
    return event === EVENTS.join ? join() : { ok: true };
  }) as Ask;
  return { asked, over: roomsOver(ask) };
}

it('gives a seat back when it cannot know whether it has it', async () => {
  const { asked, over } = setUp(() => {
    throw new RelayError('relay_unreachable');
  });
  await expect(over.join('https://relay.example', seat, prove)).rejects.toMatchObject({
    code: 'relay_unreachable',
  });
  expect(asked.map(([event]) => event)).toEqual([EVENTS.room, EVENTS.join, EVENTS.leave]);
  expect(asked.at(-1)?.[1]).toEqual({ seat: b64(fromHex(seat)) });
});

it('keeps a seat that it took', async () => {
  const other = randomBytes(32);
  const { asked, over } = setUp(() => ({ ok: true, seats: [other] }));
  expect(await over.join('https://relay.example', seat, prove)).toEqual([hex(other)]);
  expect(asked.map(([event]) => event)).toEqual([EVENTS.room, EVENTS.join]);
});

it('tells of every socket that comes and goes, once, to whoever still listens', () => {
  const rooms = new Rooms('https://relay.example');
  const told: string[] = [];
  const stop = rooms.listen({
    online: () => told.push('online'),
    offline: () => told.push('offline'),
    arrived: () => {},
    left: () => {},
    signal: () => {},
  });
  const [first, second] = [setUp(() => {}).over, setUp(() => {}).over];
  for (const over of [undefined, first, first, second, undefined, undefined]) rooms.set(over);
  expect(told).toEqual(['online', 'offline', 'online', 'offline']);
  stop();
  rooms.set(first);
  expect(told).toHaveLength(4);
});
