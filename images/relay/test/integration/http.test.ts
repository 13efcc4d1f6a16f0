import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { errorAnswer, ROUTES, randomBytes } from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import { outcome } from '../support/client.ts';
import { makeDatabase } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';

const circle = await makeCircle();
const PAGE = 'http://localhost:5173';
let relay: Relay;
let url: string;
beforeAll(async () => {
  relay = await startRelay({
    databaseUrl: await makeDatabase(circle),
    webOrigins: [PAGE, 'https://chat.example'],
  });
  url = relay.url;
});
afterAll(() => relay.close());

const post = (path: string, body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
  fetch(url + path, { method: 'POST', headers: { 'Content-Type': type }, body });

test.each<[string, string, string | Uint8Array<ArrayBuffer>, string]>([
  ['broken JSON', '400 bad_request', '{"protocol":', 'application/json'],
  ['no JSON at all', '400 bad_request', '', 'application/json'],
  ['bytes that are no UTF-8', '400 bad_request', Uint8Array.of(34, 255, 34), 'application/json'],
  ['another shape', '400 bad_request', '{"protocol":1}', 'application/json'],
  ['a list', '400 bad_request', '[]', 'application/json; charset=utf-8'],
  ['more than 8 KB', '413 payload_too_large', `"${'x'.repeat(8_192)}"`, 'application/json'],
  ['a form', '415 unsupported_media_type', 'a=b', 'application/x-www-form-urlencoded'],
  ['text', '415 unsupported_media_type', '{}', 'text/plain'],
])('a session request that is %s', async (_name, expected, body, type) => {
  expect(await outcome(await post(ROUTES.sessions, body, type))).toBe(expected);
});

test('a key too many in a request is a bad request', async () => {
  const token = await logIn(url, circle, circle.members[0] as TestMember);
  const answer = await fetch(url + ROUTES.tickets, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${Buffer.from(token).toString('base64url')}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ recipient: Buffer.from(randomBytes(32)).toString('base64url'), sender: 'me' }),
  });
  expect(await outcome(answer)).toBe('400 bad_request');
});

test.each([
  '/',
  '/v1',
  '/v1/mailbox/',
  '/V1/mailbox',
  '/v1/mailbox/fetch',
  '/v1/%zz',
  '/socket.io',
  '/constructor',
])('GET %s is no route', async (path) => {
  expect(await outcome(await fetch(url + path))).toBe('404 not_found');
});

test.each(['PUT', 'DELETE', 'PATCH', 'POST'])('%s /v1/mailbox is no route', async (method) => {
  expect(await outcome(await fetch(url + ROUTES.mailbox, { method }))).toBe('404 not_found');
});

test('answers and errors are not stored by anyone, and do not name the software', async () => {
  const answers = await Promise.all([
    post(ROUTES.challenge, ''),
    post(ROUTES.sessions, '{'),
    fetch(`${url}/nowhere`),
    fetch(url + ROUTES.health),
    fetch(url + ROUTES.mailbox),
  ]);
  for (const { headers } of answers) {
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('etag')).toBeNull();
    expect(headers.get('set-cookie')).toBeNull();
  }
});

test('an error has a code and words, as JSON', async () => {
  const answer = await fetch(`${url}/nowhere`);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(errorAnswer.parse(await answer.json()).error.message).toBe('There is no such route.');
});

test('pages of the listed origins may call, with what they need', async () => {
  const preflight = await fetch(url + ROUTES.blobs, {
    method: 'OPTIONS',
    headers: {
      Origin: PAGE,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,content-type',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(PAGE);
  expect(preflight.headers.get('access-control-allow-headers')).toBe('Authorization,Content-Type');
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  const answer = await fetch(url + ROUTES.mailbox, { headers: { Origin: 'https://chat.example' } });
  expect(answer.headers.get('access-control-allow-origin')).toBe('https://chat.example');
  expect(answer.headers.get('vary')).toContain('Origin');
  // Without it a page could not read for how long it is to wait.
  expect(answer.headers.get('access-control-expose-headers')).toBe('Retry-After');
});

test.each(['https://elsewhere.example', 'http://localhost:5174', 'https://localhost:5173', 'null', ''])(
  'pages of origin "%s" may not, not even ask',
  async (origin) => {
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await fetch(url + ROUTES.mailbox, { method, headers: { Origin: origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(await outcome(answer)).toBe('403 origin_refused');
    }
  },
);

test('bytes that are no HTTP are answered and closed', async () => {
  const socket = dial(relay.port, '127.0.0.1');
  socket.end('nonsense\r\n\r\n');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1.1 400/);
});
