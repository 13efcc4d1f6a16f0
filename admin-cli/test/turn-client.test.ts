import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { makeTurnCredential } from '@relay/protocol/wire';
import { expect, onTestFinished, test } from 'vitest';
import { lifetimeAttribute, xorAddressAttribute } from '../src/turn/attributes.ts';
import { longTermKey } from '../src/turn/client.ts';
import type { TurnServer } from '../src/turn/index.ts';
import { restCredential, TurnClient } from '../src/turn/index.ts';
import type { StunAttribute, StunClass } from '../src/turn/stun-message.ts';
import { decodeMessage, encodeMessage } from '../src/turn/stun-message.ts';

const LOGIN = { username: '1:a', credential: 'b' };
const REALM = 'r';
const CHALLENGE: StunAttribute[] = [
  { type: 0x0009, value: Buffer.from([0, 0, 4, 1]) },
  { type: 0x0014, value: Buffer.from(REALM) },
  { type: 0x0015, value: Buffer.from('nonce') },
];

/** A server of one's own making over UDP: answers each request with what `answer` returns for it. */
async function udpServer(
  answer: (request: Buffer, port: number) => readonly Uint8Array[],
): Promise<TurnServer> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (request, { port }) => {
    for (const bytes of answer(request, port)) socket.send(bytes, port, '127.0.0.1');
  });
  onTestFinished(() => void socket.close());
  return { host: '127.0.0.1', port: socket.address().port, transport: 'udp' };
}

async function tcpServer(onConnection: (socket: Socket) => void): Promise<TurnServer> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, transport: 'tcp' };
}

async function allocation(server: TurnServer, answerMs = 400): Promise<unknown> {
  const client = await TurnClient.open({ server, credential: LOGIN, answerMs });
  onTestFinished(() => client.close());
  return client.allocate().catch((error: unknown) => error);
}

function reply(
  request: Buffer,
  kind: StunClass,
  attributes: (id: Uint8Array) => StunAttribute[],
  key?: Uint8Array,
): Buffer {
  const { method = 0, transactionId = Buffer.alloc(12) } = decodeMessage(request) ?? {};
  const message = { method, class: kind, transactionId, attributes: attributes(transactionId) };
  return encodeMessage(message, key === undefined ? {} : { key });
}

const granted = (id: Uint8Array) => [
  xorAddressAttribute(0x0016, { ip: '192.0.2.7', port: 50_000 }, id),
  lifetimeAttribute(600),
];

test('garbage, foreign answers and silence: the request ends by its deadline', async () => {
  const server = await udpServer((request) => [
    randomBytes(40),
    Buffer.alloc(0),
    request,
    request.subarray(0, 19),
    reply(Buffer.alloc(20), 'success', granted),
    reply(request, 'indication', granted),
  ]);
  expect(await allocation(server)).toMatchObject({ fault: 'silent', code: 0 });
});

test('what is granted without the signature of the credential is not believed', async () => {
  const right = longTermKey(LOGIN.username, REALM, LOGIN.credential);
  for (const [key, outcome] of [
    [right, { relayed: { ip: '192.0.2.7', port: 50_000 }, lifetime: 600 }],
    [longTermKey(LOGIN.username, REALM, 'c'), { fault: 'silent' }],
    [undefined, { fault: 'silent' }],
  ] as const) {
    const server = await udpServer((request) => [
      decodeMessage(request)?.signed
        ? reply(request, 'success', granted, key)
        : reply(request, 'error', () => CHALLENGE),
    ]);
    expect(await allocation(server)).toMatchObject(outcome);
  }
});

test('a request that got lost is sent again', async () => {
  let requests = 0;
  const key = longTermKey(LOGIN.username, REALM, LOGIN.credential);
  const server = await udpServer((request) => {
    if (requests++ % 2 === 0) return [];
    return [
      decodeMessage(request)?.signed
        ? reply(request, 'success', granted, key)
        : reply(request, 'error', () => CHALLENGE),
    ];
  });
  expect(await allocation(server, 5_000)).toMatchObject({ lifetime: 600 });
});

test('a server that asks for ever is not answered for ever', async () => {
  let requests = 0;
  const stale = [{ type: 0x0009, value: Buffer.from([0, 0, 4, 38]) }, ...CHALLENGE.slice(1)];
  const server = await udpServer((request) => {
    requests++;
    return [reply(request, 'error', () => (requests === 1 ? CHALLENGE : stale))];
  });
  expect(await allocation(server)).toMatchObject({ fault: 'refused', code: 438 });
  expect(requests).toBe(3);
});

test.each([37, 41])(
  'a port that the server knows as somebody else’s (4%i): asked again from others, three in all',
  async (number) => {
    const taken = [{ type: 0x0009, value: Buffer.from([0, 0, 4, number]) }];
    const key = longTermKey(LOGIN.username, REALM, LOGIN.credential);
    for (const [free, outcome] of [
      [3, { lifetime: 600 }],
      [4, { fault: 'refused', code: 400 + number }],
    ] as const) {
      const ports = new Set<number>();
      const server = await udpServer((request, port) => {
        if (!decodeMessage(request)?.signed) return [reply(request, 'error', () => CHALLENGE)];
        ports.add(port);
        if (ports.size < free) return [reply(request, 'error', () => taken)];
        return [reply(request, 'success', granted, key)];
      });
      expect(await allocation(server)).toMatchObject(outcome);
      expect(ports.size).toBe(3);
    }
  },
);

test('refusals without a number, and grants without an address', async () => {
  const empty = await udpServer((request) => [reply(request, 'error', () => [])]);
  expect(await allocation(empty)).toMatchObject({ fault: 'broken' });
  const client = await TurnClient.open({
    server: await udpServer((request) => [reply(request, 'success', () => [])]),
    answerMs: 400,
  });
  onTestFinished(() => client.close());
  await expect(client.allocate()).rejects.toMatchObject({ fault: 'broken' });
});

test('a stream that breaks off, speaks something else, or says nothing', async () => {
  const ended = await tcpServer((socket) => socket.on('data', () => socket.destroy()));
  expect(await allocation(ended)).toMatchObject({ fault: 'broken' });
  const other = await tcpServer((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
  expect(await allocation(other)).toMatchObject({ fault: 'broken' });
  const quiet = await tcpServer((socket) => socket.resume());
  expect(await allocation(quiet)).toMatchObject({ fault: 'silent' });
  const plain: TurnServer = { ...other, transport: 'tls' };
  await expect(TurnClient.open({ server: plain, answerMs: 400 })).rejects.toMatchObject({ fault: 'broken' });
});

test('credentials are those that the relay makes', async () => {
  const [secret, expiry] = [randomBytes(32).toString('hex'), 1_800_000_000];
  const made = await makeTurnCredential({ secret, token: randomBytes(32), expiry });
  expect(restCredential(secret, expiry, made.username.split(':')[1] ?? '')).toEqual(made);
});
