import { request } from 'node:http';
import type { Bytes } from '@relay/protocol/wire';
import { b64, compareBytes, EVENTS, ROUTES, randomBytes, SESSION_SECONDS } from '@relay/protocol/wire';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { connect } from '../../src/admin.ts';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import { endSession } from '../support/callers.ts';
import { bearer, buyTicket, listMailbox, makeBlob, outcome, upload, uploadBlobs } from '../support/client.ts';
import { makeDatabase, seed, sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';
import type { TestSocket } from '../support/socket.ts';
import { connectSocket } from '../support/socket.ts';
import { until, untilReady } from '../support/until.ts';

// Two processes' worth of relay: they share nothing but the database.
const circle = await makeCircle();
const [alice, bob, carol] = circle.members as [TestMember, TestMember, TestMember];
let databaseUrl: string;
let here: Relay;
let there: Relay;
beforeAll(async () => {
  databaseUrl = await makeDatabase(circle);
  [here, there] = await Promise.all([startRelay({ databaseUrl }), startRelay({ databaseUrl })]);
  await Promise.all([untilReady(here.url), untilReady(there.url)]);
});
afterAll(() => Promise.all([here.close(), there.close()]));

const opened: TestSocket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.close();
});

async function open(relay: Relay, member: TestMember): Promise<TestSocket & { token: Bytes }> {
  const token = await logIn(relay.url, circle, member);
  const socket = { ...(await connectSocket(relay.url, token)), token };
  opened.push(socket);
  return socket;
}

test('hello states the protocol and the life of the session', async () => {
  const { hello } = await open(here, alice);
  expect(hello.protocol).toEqual([1]);
  expect(hello.expiresIn).toBeGreaterThan(SESSION_SECONDS - 60);
  expect(hello.expiresIn).toBeLessThanOrEqual(SESSION_SECONDS + 60);
});

test('arrivals are announced to the proven owner, in every process, and to nobody else', async () => {
  const sockets = await Promise.all([
    open(here, alice),
    open(there, alice),
    open(here, bob),
    open(there, bob),
    open(there, carol),
  ]);
  const [aliceHere, aliceThere, bobHere, bobThere, carolThere] = sockets as [
    TestSocket,
    TestSocket,
    TestSocket,
    TestSocket,
    TestSocket,
  ];
  const blobs = await uploadBlobs(here.url, await logIn(here.url, circle, alice), bob.keyHash, 40);
  await until('both sockets of the owner had heard of all', () =>
    [bobHere, bobThere].every(({ entries }) => entries.length === 40),
  );
  const listed = await listMailbox(there.url, await logIn(there.url, circle, bob));
  for (const { entries } of [bobHere, bobThere]) {
    expect(entries.toSorted((a, b) => compareBytes(a.id, b.id))).toEqual(listed);
  }
  expect(blobs).toHaveLength(40);
  for (const other of [aliceHere, aliceThere, carolThere]) expect(other.events).not.toContain('blob');
});

test('hello comes first, also while blobs arrive', async () => {
  const uploads = uploadBlobs(there.url, await logIn(there.url, circle, alice), bob.keyHash, 150);
  let isOver = false;
  void uploads.then(() => {
    isOver = true;
  });
  const sockets: TestSocket[] = [];
  while (!isOver) sockets.push(await open(here, bob));
  await uploads;
  expect(sockets.length).toBeGreaterThan(3);
  for (const { events } of sockets) expect(events[0]).toBe('hello');
});

test('the same frame is announced again: the first time nobody may have heard', async () => {
  const { frame } = await makeBlob();
  const ticket = await buyTicket(here.url, await logIn(here.url, circle, alice), bob.keyHash);
  await upload(here.url, ticket, frame);
  const socket = await open(there, bob);
  await upload(here.url, ticket, frame);
  await until('it was announced', () => socket.entries.length === 1);
});

test('a hundred arrivals at once come in fewer announcements, and all of them', async () => {
  const socket = await open(there, carol);
  const token = await logIn(here.url, circle, alice);
  const tickets = await Promise.all([1, 2, 3, 4].map(() => buyTicket(here.url, token, carol.keyHash)));
  const frames = await Promise.all(Array.from({ length: 100 }, makeBlob));
  await Promise.all(frames.map(({ frame }, i) => upload(here.url, tickets[i % 4] as Bytes, frame)));
  await until('all were announced', () => socket.entries.length === 100);
  expect(new Set(socket.entries.map(({ id }) => b64(id))).size).toBe(100);
});

test('a revoked member’s sockets end at once in every process, and the others stay', async () => {
  const [first, second, other] = [await open(here, carol), await open(there, carol), await open(there, bob)];
  const admin = connect(databaseUrl);
  const rest = { ...circle.allowlist, keyHashes: [alice.keyHash, bob.keyHash] };
  expect(await admin.seed(rest, { prune: true })).toEqual({ added: 0, unchanged: 2, removed: 1, kept: 0 });
  await until('both were gone', () => [first, second].every(({ raw }) => raw.disconnected));
  for (const { events } of [first, second])
    expect(events).toEqual(expect.arrayContaining(['bye session_ended', 'disconnect']));
  expect(other.raw.connected).toBe(true);
  await expect(connectSocket(here.url, first.token)).rejects.toThrow('unauthenticated');
  await seed(databaseUrl, circle);
  await admin.close();
});

test('a session that is ended ends its sockets and no other session’s', async () => {
  const [ended, kept] = [await open(here, bob), await open(here, bob)];
  await sql(databaseUrl, 'DELETE FROM session WHERE token_hash = sha256($1)', [ended.token]);
  await until('it was gone', () => ended.raw.disconnected);
  expect(kept.raw.connected).toBe(true);
});

test('a member ends all its sessions: their sockets end at once in every process, and nobody else’s', async () => {
  const [first, second, other] = [await open(here, bob), await open(there, bob), await open(there, alice)];
  const end = (token: Bytes) =>
    fetch(here.url + ROUTES.sessionsEnd, { method: 'POST', headers: bearer(token) });
  expect((await end(first.token)).status).toBe(204);
  await until('both were gone', () => [first, second].every(({ raw }) => raw.disconnected));
  for (const { events } of [first, second]) expect(events).toContain('bye session_ended');
  expect(await outcome(await end(second.token))).toBe('401 unauthenticated');
  expect(other.raw.connected).toBe(true);
});

test('a socket ends with its session’s time', async () => {
  const session = await logIn(here.url, circle, bob);
  const { rows } = await sql(
    databaseUrl,
    'SELECT expiry_minute AS ends FROM session WHERE token_hash = sha256($1)',
    [session],
  );
  const late = await startRelay({ databaseUrl, now: () => rows[0].ends * 60_000 - 200 });
  const socket = await connectSocket(late.url, session);
  await until('it was gone', () => socket.raw.disconnected);
  expect(socket.events).toContain('bye session_ended');
  await late.close();
});

test('renewing moves the socket to the newer session', async () => {
  const socket = await open(here, bob);
  const newer = await logIn(there.url, circle, bob);
  expect(await socket.ask(EVENTS.renew, { token: b64(newer) })).toBe('ok');
  await sql(databaseUrl, 'DELETE FROM session WHERE token_hash = sha256($1)', [socket.token]);
  await uploadBlobs(there.url, await logIn(there.url, circle, alice), bob.keyHash, 1);
  await until('it still heard', () => socket.entries.length === 1);
  expect(socket.raw.connected).toBe(true);
  await sql(databaseUrl, 'DELETE FROM session WHERE token_hash = sha256($1)', [newer]);
  await until('it was gone with the newer one', () => socket.raw.disconnected);
});

test('an event after the session’s end is refused and ends the socket', async () => {
  const socket = await open(here, bob);
  await endSession(databaseUrl, socket.token);
  expect(await socket.ask(EVENTS.renew, { token: b64(socket.token) })).toBe('unauthenticated');
  await until('it was gone', () => socket.raw.disconnected);
  expect(socket.events).toContain('bye session_ended');
});

test.each<[string, string, unknown[]]>([
  ['an unknown event', 'subscribe', [{}]],
  ['an event named like a method of objects', 'toString', [{}]],
  ['an event of the relay', 'blob', [new Uint8Array(20)]],
  ['renew without payload', 'renew', []],
  ['renew with null', 'renew', [null]],
  ['renew with a list', 'renew', [[]]],
  ['renew with a short token', 'renew', [{ token: 'AAAA' }]],
  ['renew with a number', 'renew', [{ token: 7 }]],
  ['renew with more than a token', 'renew', [{ token: b64(randomBytes(32)), keyHash: 'x' }]],
  ['renew with two payloads', 'renew', [{ token: b64(randomBytes(32)) }, {}]],
])('%s is a bad request and changes nothing', async (_name, event, payloads) => {
  const socket = await open(here, bob);
  expect(await socket.ask(event, ...payloads)).toBe('bad_request');
  socket.raw.emit(event, ...payloads);
  await uploadBlobs(here.url, await logIn(here.url, circle, alice), bob.keyHash, 1);
  await until('the socket still hears', () => socket.entries.length === 1);
});

test('an oversized message ends the connection and nothing else', async () => {
  const [big, other] = [await open(here, bob), await open(here, alice)];
  big.raw.emit('renew', { token: 'x'.repeat(100_000) });
  await until('it was gone', () => big.raw.disconnected);
  expect(await other.ask('renew', {})).toBe('bad_request');
});

test.each<[string, unknown]>([
  ['no token', {}],
  ['a malformed token', { token: 'x' }],
  ['an object', { token: { length: 32 } }],
  ['an invented token', { token: b64(randomBytes(32)) }],
])('a handshake with %s is refused in the same words', async (_name, auth) => {
  const socket = (await import('socket.io-client')).io(here.url, {
    auth: auth as object,
    forceNew: true,
    reconnection: false,
  });
  const error = await new Promise<Error & { data?: unknown }>((resolve) =>
    socket.on('connect_error', resolve),
  );
  expect(error.message).toBe('unauthenticated');
  expect(error.data).toEqual({ code: 'unauthenticated', message: expect.any(String) });
  socket.close();
});

test('long polling works as well', async () => {
  const { io } = await import('socket.io-client');
  const token = await logIn(here.url, circle, bob);
  const socket = io(here.url, { auth: { token: b64(token) }, transports: ['polling'], forceNew: true });
  await new Promise((resolve) => socket.on('hello', resolve));
  socket.close();
});

test('a relay that stops says goodbye', async () => {
  const third = await startRelay({ databaseUrl });
  const socket = await connectSocket(third.url, await logIn(third.url, circle, bob));
  await third.close();
  await until('it was gone', () => socket.raw.disconnected);
  expect(socket.events.slice(-2)).toEqual(['bye unavailable', 'disconnect']);
  await new Promise<void>((resolve) => {
    request(`${third.url}/healthz`)
      .on('error', () => resolve())
      .end();
  });
});

test('when the relay’s ear is cut off, sockets are told to look for themselves, and ended sessions end', async () => {
  const [kept, ended] = [await open(here, alice), await open(here, bob)];
  const heard = kept.events.filter((event) => event === 'resync').length;
  await sql(databaseUrl, 'ALTER TABLE session DISABLE TRIGGER session_end');
  await sql(databaseUrl, 'DELETE FROM session WHERE token_hash = sha256($1)', [ended.token]);
  await sql(databaseUrl, 'ALTER TABLE session ENABLE TRIGGER session_end');
  await sql(
    databaseUrl,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'relay events' AND datname = current_database()",
  );
  await until('a resync came', () => kept.events.filter((event) => event === 'resync').length > heard);
  await until('the ended session was noticed', () => ended.raw.disconnected);
  expect(ended.events).toContain('bye session_ended');
  expect(kept.raw.connected).toBe(true);
  await untilReady(here.url);
});
