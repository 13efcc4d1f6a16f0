import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { createLimiter, perMinute } from '../src/limits/limiter.ts';
import { createShares } from '../src/limits/shares.ts';
import { createHandshakes } from '../src/socket/handshakes.ts';

/** A connection that begins, from an address. */
function requestFrom(remoteAddress: string): IncomingMessage {
  const socket = Object.assign(new EventEmitter(), { remoteAddress });
  return { socket } as unknown as IncomingMessage;
}

/** Two open ones and five a minute for each address, and two that are told so, of all. */
function setUp() {
  const handshakes = createHandshakes({
    addressOf: ({ socket }) => String(socket.remoteAddress),
    rate: createLimiter(perMinute(5, 1), () => 1_000_000),
    open: createShares(2, 'Too many.', 1),
    told: createShares(2, 'Too many.', 1),
  });
  const begin = (address: string) => {
    const request = requestFrom(address);
    return { request, may: handshakes.mayBegin(request) };
  };
  const close = ({ request }: ReturnType<typeof begin>) => request.socket.emit('close');
  return { handshakes, begin, close };
}

test('each address has its own open handshakes, and one again when one ends or goes', () => {
  const { handshakes, begin, close } = setUp();
  const [first, second] = [begin('a'), begin('a')];
  expect([first.may, second.may, begin('a').may]).toEqual(['yes', 'yes', 'told']);
  expect(begin('b').may).toBe('yes');
  handshakes.end(first.request);
  handshakes.end(first.request);
  close(first);
  expect(begin('a').may).toBe('yes');
  close(second);
  expect(begin('a').may).toBe('yes');
});

test('each address has its own pace', () => {
  const { handshakes, begin } = setUp();
  const begun = Array.from({ length: 6 }, () => {
    const one = begin('a');
    handshakes.end(one.request);
    return one.may;
  });
  expect(begun).toEqual([...Array(5).fill('yes'), 'told']);
  expect(begin('b').may).toBe('yes');
});

test('so many are told that there are too many, of all addresses together, and the rest nothing', () => {
  const { begin, close } = setUp();
  const over = (address: string) => {
    for (let i = 0; i < 2; i++) begin(address);
    return begin(address);
  };
  const told = over('a');
  expect([told.may, over('b').may, over('c').may]).toEqual(['told', 'told', 'no']);
  close(told);
  expect(over('d').may).toBe('told');
});

test('one that began only to be told so proves nothing', () => {
  const { handshakes, begin } = setUp();
  const [first, , third] = [begin('a'), begin('a'), begin('a')];
  handshakes.check(first.request);
  expect(() => handshakes.check(third.request)).toThrow(expect.objectContaining({ code: 'rate_limited' }));
});
