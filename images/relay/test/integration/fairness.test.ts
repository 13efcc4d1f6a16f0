/** One member at full speed does not keep the others waiting. What counts is who is answered before whom, whatever the machine. */
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bytes } from '@relay/protocol/wire';
import {
  b64,
  EVENTS,
  encodeToken,
  ROUTES,
  randomBytes,
  TICKET_SCHEME,
  UPLOAD_FRAME_BYTES,
} from '@relay/protocol/wire';
import { Client } from 'pg';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/database/pools.ts';
import { workFor } from '../../src/limits/payer.ts';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import { askIssuerKey, bearer, outcome, spendToken } from '../support/client.ts';
import { makeDatabase, sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';
import { connectSocket } from '../support/socket.ts';
import { until } from '../support/until.ts';

const circle = await makeCircle();
const [hostile, other] = circle.members as [TestMember, TestMember];
let relay: Relay;
let url: string;
let session: Bytes;
let neighbour: Bytes;
let databaseUrl: string;
beforeAll(async () => {
  databaseUrl = await makeDatabase(circle);
  relay = await startRelay({ databaseUrl, memberRequestsPerMinute: 2_000, addressRequestsPerMinute: 2_000 });
  url = relay.url;
  [session, neighbour] = [await logIn(url, circle, hostile), await logIn(url, circle, other)];
});
afterAll(() => relay.close());

/** Statements that wait for a lock. */
async function waiting(): Promise<number> {
  const text =
    "SELECT count(*)::integer AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
  return (await sql(databaseUrl, text)).rows[0].n;
}

const list = (token: Bytes) => fetch(url + ROUTES.mailbox, { headers: bearer(token) });

const times = <T>(n: number, make: () => T): T[] => Array.from({ length: n }, make);

test('statements of one member that take long leave connections to the others', async () => {
  const busy = new Client({ connectionString: databaseUrl });
  await busy.connect();
  await busy.query('BEGIN');
  await busy.query('LOCK TABLE blob');
  const lists = times(40, () => list(session));
  await until('its statements waited', async () => (await waiting()) >= 3);
  // None of them has ended when this has: they cannot.
  const roster = await fetch(url + ROUTES.rosterUpdate, { headers: bearer(neighbour) });
  expect(await outcome(roster)).toBe('204');
  expect(await outcome(await fetch(url + ROUTES.challenge, { method: 'POST' }))).toBe('200');
  await busy.end();
  expect(new Set((await Promise.all(lists)).map(({ status }) => status))).toEqual(new Set([200]));
});

test.each(['events', 'handshakes'])(
  '%s of one member that take long leave connections to the others',
  async (what) => {
    const { raw, close } = await connectSocket(url, session);
    const renew = () => raw.emitWithAck(EVENTS.renew, { token: b64(session) });
    const shake = async () => (await connectSocket(url, session)).close();
    const busy = new Client({ connectionString: databaseUrl });
    onTestFinished(() => busy.end());
    await busy.connect();
    await busy.query('BEGIN; LOCK TABLE session');
    const asked: Promise<unknown>[] = [];
    for (let i = 0; i < 40; i++) {
      asked.push(what === 'events' ? renew() : shake());
      // Sessions that are looked up in one turn are so in one statement.
      await sleep(5);
    }
    await until('its statements waited', async () => (await waiting()) >= 3);
    expect(await outcome(await fetch(url + ROUTES.challenge, { method: 'POST' }))).toBe('200');
    await busy.query('COMMIT');
    await Promise.all(asked);
    close();
  },
);

/** How many connections are made when these ask for one each, all at once. */
async function connectionsFor(payers: readonly string[]): Promise<number> {
  const database = openDatabase(databaseUrl);
  const asked = payers.map((payer) => workFor({ payer }, () => database.pool.connect()));
  // Who gets one is decided by then, and nobody has given one back.
  await new Promise((resolve) => setImmediate(resolve));
  const { totalCount } = database.pool;
  await Promise.all(asked.map(async (each) => (await each).release()));
  await database.close();
  return totalCount;
}

test('of the connections a member gets some, and fewer where another works too', async () => {
  const much = times(20, () => 'much');
  expect(await connectionsFor(much)).toBe(10);
  expect(await connectionsFor(['other', ...much])).toBe(1 + 3);
});

test('forged tokens that come all at once are each refused as such', async () => {
  const key = await askIssuerKey(url);
  const forged = () => encodeToken({ epoch: key.epoch, nonce: randomBytes(32), output: randomBytes(64) });
  const outcomes = await Promise.all(
    times(20, async () => outcome(await spendToken(url, forged(), other.keyHash))),
  );
  expect(new Set(outcomes)).toEqual(new Set(['401 token_invalid']));
});

test('an address has so many requests under way, and more are refused before their bodies are read', async () => {
  const { hostname, port } = new URL(url);
  const type = 'Content-Type: application/octet-stream';
  const ticket = `Authorization: ${TICKET_SCHEME} ${b64(randomBytes(32))}`;
  const length = `Content-Length: ${UPLOAD_FRAME_BYTES}`;
  const head = `POST ${ROUTES.blobs} HTTP/1.1\r\nHost: relay\r\n${type}\r\n${ticket}\r\n${length}\r\n\r\n`;
  // Bodies that never end.
  const halves = times(300, () =>
    connect(Number(port), hostname, function begin(this: Socket) {
      this.write(head);
    }),
  );
  for (const half of halves) half.on('error', () => undefined);
  const ask = async () => outcome(await fetch(url + ROUTES.challenge, { method: 'POST' }));
  await expect.poll(ask, { timeout: 20_000 }).toBe('429 rate_limited');
  for (const half of halves) half.destroy();
  await expect.poll(ask, { timeout: 20_000 }).toBe('200');
});

test('a member that was told to wait is told so again without a look at the database, and so is its socket', async () => {
  const at = Date.now();
  const databaseUrl = await makeDatabase(circle);
  const strict = await startRelay({ databaseUrl, memberRequestsPerMinute: 60, now: () => at });
  try {
    const token = await logIn(strict.url, circle, hostile);
    const ask = () => fetch(strict.url + ROUTES.mailbox, { headers: bearer(token) });
    const first = await Promise.all(times(70, async () => outcome(await ask())));
    expect(first.filter((answer) => answer === '200').length).toBeGreaterThanOrEqual(60);
    // Who looks finds no session any more.
    await sql(databaseUrl, 'DELETE FROM session');
    expect(await outcome(await ask())).toBe('429 rate_limited');
    await expect(connectSocket(strict.url, token)).rejects.toThrow('rate_limited');
  } finally {
    await strict.close();
  }
});

test('sockets of an address that show no session have a bound, and those that show one do not count', async () => {
  const open = times(
    128,
    () => new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`),
  );
  await Promise.all(
    open.map((socket) => new Promise((resolve) => socket.addEventListener('message', resolve))),
  );
  const refused = io(url, {
    auth: { token: b64(neighbour) },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  const fault = await new Promise((resolve) => refused.once('connect_error', resolve));
  refused.close();
  expect(fault).toMatchObject({
    message: 'rate_limited',
    data: { code: 'rate_limited', message: expect.stringContaining('Wait a moment'), retryAfter: 1 },
  });
  for (const socket of open) socket.close();
  const join = () =>
    connectSocket(url, neighbour).then(
      () => 'open',
      () => 'refused',
    );
  await expect.poll(join, { timeout: 20_000 }).toBe('open');
  // More than a member has under way at once: a handshake is over when the socket stands.
  for (let round = 0; round < 6; round++)
    expect(new Set(await Promise.all(times(50, join)))).toEqual(new Set(['open']));
});
