import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MailboxEntry } from '@relay/protocol';
import { encodeEntries } from '@relay/protocol';
import type { Socket } from 'socket.io';
import { Server } from 'socket.io';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectSocket } from '../../src/transport/socket.ts';

/** A server that speaks Socket.IO, and is a relay only as far as a test makes it one. */
describe('a socket', () => {
  const http = createServer();
  const server = new Server(http);
  let origin: string;
  let greet: (socket: Socket) => void;
  beforeAll(async () => {
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    server.use((socket, next) => {
      const { token } = socket.handshake.auth;
      if (token === 'AA') next();
      else
        next(
          Object.assign(new Error('unauthenticated'), {
            data: { code: 'unauthenticated', message: 'words' },
          }),
        );
    });
    server.on('connection', (socket) => greet(socket));
  });
  beforeEach(() => {
    greet = hello;
  });
  afterAll(() => server.close());

  const hello = (socket: Socket) => socket.emit('hello', { protocol: [1], expiresIn: 900 });
  const sockets = () => server.of('/').sockets.size;
  const never = new AbortController().signal;

  function connect({ token = 0, signal = never, to = origin } = {}) {
    const told = { blobs: [] as MailboxEntry[][], resyncs: 0 };
    const events = {
      blobs: (entries: MailboxEntry[]) => told.blobs.push(entries),
      resync: () => told.resyncs++,
      seat: () => {},
      signal: () => {},
    };
    return { told, connected: connectSocket(to, Uint8Array.of(token), events, signal) };
  }

  it('shows its token, hears what arrives, and closes', async () => {
    greet = (socket) => {
      hello(socket);
      const entry = { id: new Uint8Array(16).fill(7), expiryHour: 5 };
      socket.emit('blob', Buffer.from(encodeEntries([entry])));
      socket.emit('resync');
      socket.emit('blob', Buffer.alloc(19));
      socket.emit('blob', { not: 'bytes' });
      socket.emit('something.new', 1);
    };
    const { told, connected } = connect();
    const socket = await connected;
    await expect.poll(() => told).toMatchObject({ blobs: [[{ expiryHour: 5 }]], resyncs: 3 });
    socket.close();
    await expect.poll(sockets).toBe(0);
  });

  it('is refused with the relay’s code and words', async () => {
    await expect(connect({ token: 9 }).connected).rejects.toMatchObject({
      code: 'unauthenticated',
      message: 'words',
    });
    await expect(connect({ to: 'http://127.0.0.1:9' }).connected).rejects.toMatchObject({
      code: 'relay_unreachable',
    });
    expect(sockets()).toBe(0);
  });

  it.each<[string, string, unknown]>([
    ['relay_protocol', 'no greeting', 'hi'],
    ['relay_protocol', 'a greeting without versions', { protocol: [], expiresIn: 1 }],
    ['protocol_unsupported', 'other versions', { protocol: [2, 3], expiresIn: 1 }],
  ])('is %s after %s, and leaves nothing open', async (code, _what, payload) => {
    greet = (socket) => socket.emit('hello', payload);
    await expect(connect().connected).rejects.toMatchObject({ code });
    await expect.poll(sockets).toBe(0);
  });

  it.each(['session_ended', 'unavailable'])('says %s when the relay says goodbye', async (code) => {
    greet = (socket) => {
      hello(socket);
      socket.emit('bye', { code });
      socket.disconnect(true);
    };
    const { ended } = await connect().connected;
    expect(await ended).toMatchObject({ code });
  });

  /** What takes as long as this was waited for in vain: every timeout of a socket is longer. */
  const soon = <T>(promise: Promise<T>) => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error('too late')), 10_000);
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  };

  it('ends when the relay leaves without a word, before its greeting or after', async () => {
    greet = (socket) => socket.disconnect(true);
    await expect(soon(connect().connected)).rejects.toMatchObject({ code: 'relay_unreachable' });
    greet = (socket) => {
      hello(socket);
      setTimeout(() => socket.conn.close(), 20);
    };
    expect(await (await connect().connected).ended).toMatchObject({ code: 'relay_unreachable' });
  });

  it('gives up while it waits for a greeting, and before', async () => {
    const controller = new AbortController();
    greet = () => controller.abort();
    await expect(connect({ signal: controller.signal }).connected).rejects.toMatchObject({
      code: 'session_ended',
    });
    await expect(connect({ signal: controller.signal }).connected).rejects.toMatchObject({
      code: 'session_ended',
    });
    await expect.poll(sockets).toBe(0);
  });

  it('goes on under a newer session, or says why not', async () => {
    const answers: unknown[] = [
      { ok: true, expiresIn: 900 },
      { error: { code: 'unauthenticated', message: 'words' } },
      'odd',
    ];
    greet = (socket) => {
      hello(socket);
      socket.on('renew', (payload, acknowledge) => {
        expect(payload).toEqual({ token: 'BQ' });
        acknowledge(answers.shift());
      });
    };
    const socket = await connect().connected;
    const token = Uint8Array.of(5);
    await expect(socket.renew(token)).resolves.toBeUndefined();
    await expect(socket.renew(token)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(socket.renew(token)).rejects.toMatchObject({ code: 'relay_protocol' });
    server.disconnectSockets(true);
    await socket.ended;
    await expect(soon(socket.renew(token))).rejects.toMatchObject({ code: 'relay_unreachable' });
    expect(answers).toEqual([]);
  });
});
