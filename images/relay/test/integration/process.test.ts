import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { b64, ROUTES, UPLOAD_FRAME_BYTES } from '@relay/protocol/wire';
import { beforeAll, expect, test } from 'vitest';
import { startRelay } from '../../src/testing.ts';
import { buyTicket, makeBlob } from '../support/client.ts';
import { makeDatabase } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';
import { startProcess, startRelayProcess } from '../support/process.ts';
import { connectSocket } from '../support/socket.ts';
import { until } from '../support/until.ts';

const circle = await makeCircle();
const [alice, bob] = circle.members as [TestMember, TestMember];
let databaseUrl: string;
beforeAll(async () => {
  databaseUrl = await makeDatabase(circle);
});

test('a relay that is told to stop finishes the upload under way, says goodbye and exits with 0', async () => {
  const relay = await startRelayProcess(databaseUrl);
  const token = await logIn(relay.url, circle, alice);
  const socket = await connectSocket(relay.url, token);
  const ticket = await buyTicket(relay.url, token, bob.keyHash);
  const { frame } = await makeBlob();
  const upload: ClientRequest = request(relay.url + ROUTES.blobs, {
    method: 'POST',
    headers: {
      Authorization: `Relay-Ticket ${b64(ticket)}`,
      'Content-Type': 'application/octet-stream',
      'Content-Length': UPLOAD_FRAME_BYTES,
      Expect: '100-continue',
    },
  });
  upload.flushHeaders();
  // The relay's word that it has begun.
  await once(upload, 'continue');
  upload.write(frame.subarray(0, 50_000));
  const exit = relay.end('SIGTERM');
  await until('the socket heard goodbye', () => socket.raw.disconnected);
  expect(socket.events).toContain('bye unavailable');
  upload.end(frame.subarray(50_000));
  const [response] = (await once(upload, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(204);
  expect(await exit).toBe(0);
  expect(relay.output()).toContain('"stopped"');
});

test('a connection that stays open does not keep a relay from stopping', async () => {
  const relay = await startRelayProcess(databaseUrl);
  const half = request(`${relay.url}${ROUTES.challenge}`, {
    method: 'POST',
    headers: { 'Content-Length': 5, Expect: '100-continue' },
  });
  half.on('error', () => undefined);
  half.flushHeaders();
  // The relay's word that it has begun.
  await once(half, 'continue');
  half.write('a');
  expect(await relay.end('SIGINT')).toBe(0);
});

test('a configuration with faults ends the process with all of them and no secret', async () => {
  const relay = startProcess('main', { DATABASE_URL: 'mysql://u:hush@h/d', PORT: 'x' });
  await until('it had ended', () => relay.child.exitCode !== null);
  expect(relay.child.exitCode).toBe(78);
  for (const name of ['PORT: ', 'DATABASE_URL: ']) expect(relay.output()).toContain(name);
  expect(relay.output()).not.toContain('hush');
});

test('a port that is taken ends the process with the fault', async () => {
  const first = await startRelayProcess(databaseUrl);
  const second = startProcess('main', {
    DATABASE_URL: databaseUrl,
    PORT: new URL(first.url).port,
    HOST: '127.0.0.1',
  });
  await until('it had ended', () => second.child.exitCode !== null);
  expect(second.child.exitCode).toBe(1);
  expect(second.output()).toContain('EADDRINUSE');
  await first.end('SIGTERM');
});

test('a misspelt setting is named', async () => {
  const relay = await startRelayProcess(databaseUrl, { MAILBOX_MAX_BLOB: '7' });
  expect(relay.output()).toContain('MAILBOX_MAX_BLOB');
  await relay.end('SIGTERM');
});

test('a relay stops at whatever moment of its start', async () => {
  for (let delay = 0; delay < 30; delay += 2) {
    const relay = await startRelay({ databaseUrl });
    await sleep(delay);
    await relay.close();
  }
});
