import { setTimeout as sleep } from 'node:timers/promises';
import { b64, EVENTS, ROUTES, randomBytes } from '@relay/protocol/wire';
import { Client } from 'pg';
import { io } from 'socket.io-client';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Relay, TestRelayOptions } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import {
  bearer,
  buyTicket,
  fetchBlobs,
  makeBlob,
  outcome,
  postBytes,
  readBlobs,
  spendToken,
  upload,
} from '../support/client.ts';
import { makeDatabase } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';
import { connectSocket } from '../support/socket.ts';
import { until } from '../support/until.ts';

const circle = await makeCircle();
const [member, other] = circle.members as [TestMember, TestMember];
let databaseUrl: string;
beforeAll(async () => {
  databaseUrl = await makeDatabase(circle);
});
const running: Relay[] = [];
afterEach(async () => {
  for (const relay of running.splice(0)) await relay.close();
});

async function start(options: Partial<TestRelayOptions>): Promise<string> {
  const relay = await startRelay({ databaseUrl, now: () => Date.UTC(2026, 5, 1), ...options });
  running.push(relay);
  return relay.url;
}

const times = <T>(n: number, work: () => Promise<T>) => Promise.all(Array.from({ length: n }, work));
const challenge = (url: string, headers = {}) => fetch(url + ROUTES.challenge, { method: 'POST', headers });
/** What a member may ask, and waits for as shortly as for anything. */
const ask = (url: string, token: Parameters<typeof bearer>[0]) =>
  postBytes(url + ROUTES.mailboxDelete, randomBytes(16), bearer(token));

test('an address that proves nothing is told to wait, with a code and for how long', async () => {
  const url = await start({ addressRequestsPerMinute: 60 });
  const outcomes = await times(60, async () => outcome(await challenge(url)));
  expect(new Set(outcomes)).toEqual(new Set(['200']));
  const refused = await challenge(url);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await outcome(refused)).toBe('429 rate_limited');
  for (const attempt of [
    () => readBlobs(url, [{ id: randomBytes(16), secret: randomBytes(32) }]),
    () => ask(url, randomBytes(32)),
    async () => upload(url, randomBytes(32), (await makeBlob()).frame),
  ])
    expect(await outcome(await attempt())).toBe('429 rate_limited');
  expect((await fetch(url + ROUTES.health)).status).toBe(204);
});

test('a ticket and a token that are none cost an address as much as nothing does', async () => {
  const url = await start({ addressRequestsPerMinute: 60 });
  const { frame } = await makeBlob();
  const tickets = await times(30, async () => outcome(await upload(url, randomBytes(32), frame)));
  const tokens = await times(30, async () => outcome(await spendToken(url, randomBytes(100), other.keyHash)));
  expect(new Set(tickets)).toEqual(new Set(['401 ticket_invalid']));
  expect(new Set(tokens)).toEqual(new Set(['401 token_invalid']));
  expect(await outcome(await challenge(url))).toBe('429 rate_limited');
});

test('of addresses that requests name, only those count that a trusted proxy adds', async () => {
  const untrusting = await start({ addressRequestsPerMinute: 60 });
  await times(60, () => challenge(untrusting, { 'X-Forwarded-For': '203.0.113.1' }));
  expect((await challenge(untrusting, { 'X-Forwarded-For': '203.0.113.2' })).status).toBe(429);
  const trusting = await start({ addressRequestsPerMinute: 60, trustedProxies: ['loopback'] });
  await times(60, () => challenge(trusting, { 'X-Forwarded-For': '203.0.113.1' }));
  expect((await challenge(trusting, { 'X-Forwarded-For': '203.0.113.2' })).status).toBe(200);
  expect((await challenge(trusting, { 'X-Forwarded-For': '203.0.113.2, 203.0.113.1' })).status).toBe(429);
});

test('a member pays by itself for what it asks, and the others notice nothing, though they share its address', async () => {
  const url = await start({ memberRequestsPerMinute: 60, addressRequestsPerMinute: 60 });
  const [token, others] = [await logIn(url, circle, member), await logIn(url, circle, other)];
  const outcomes = await times(60, async () => outcome(await ask(url, token)));
  expect(new Set(outcomes)).toEqual(new Set(['200']));
  expect(await outcome(await ask(url, token))).toBe('429 rate_limited');
  expect(await outcome(await ask(url, await logIn(url, circle, member)))).toBe('429 rate_limited');
  expect(await outcome(await ask(url, others))).toBe('200');
});

test('who fetches many blobs at once pays for as many requests', async () => {
  const url = await start({ memberRequestsPerMinute: 60 });
  const token = await logIn(url, circle, member);
  const ids = Array.from({ length: 256 }, () => randomBytes(16));
  const outcomes: string[] = [];
  // Nine turns each: one as any request, and one for each 32 blobs.
  for (let i = 0; i < 7; i++) outcomes.push(await outcome(await fetchBlobs(url, token, ids)));
  expect(outcomes).toEqual([...Array(6).fill('200'), '429 rate_limited']);
  // What was refused took its one turn alone.
  const left = await times(6, async () => outcome(await ask(url, token)));
  expect(left.filter((result) => result === '200')).toHaveLength(5);
});

test('uploads with a ticket cost their address nothing, and a mailbox takes so many a minute', async () => {
  const url = await start({ addressRequestsPerMinute: 60, mailboxBlobsPerMinute: 64 });
  const token = await logIn(url, circle, member);
  const send = async (to: TestMember, n: number) => {
    const ticket = await buyTicket(url, token, to.keyHash);
    return times(n, async () => outcome(await upload(url, ticket, (await makeBlob()).frame)));
  };
  const outcomes = [...(await send(other, 32)), ...(await send(other, 32))];
  expect(new Set(outcomes)).toEqual(new Set(['204']));
  expect(await send(other, 1)).toEqual(['429 rate_limited']);
  expect(await send(member, 1)).toEqual(['204']);
  // Neither did the address pay for the 66 uploads that were taken: what is left is all but two log-ins' and the refused one's.
  const left = await times(55, async () => outcome(await challenge(url)));
  expect(new Set(left)).toEqual(new Set(['200']));
});

test('who has a session is served whatever others do at the same address, until it ends', async () => {
  const url = await start({ addressRequestsPerMinute: 60, memberRequestsPerMinute: 60 });
  const token = await logIn(url, circle, member);
  expect(await outcome(await ask(url, token))).toBe('200');
  await times(60, () => challenge(url));
  expect(await outcome(await challenge(url))).toBe('429 rate_limited');
  expect(await outcome(await ask(url, randomBytes(32)))).toBe('429 rate_limited');
  const outcomes = await times(40, async () => outcome(await ask(url, token)));
  expect(new Set(outcomes)).toEqual(new Set(['200']));
  await fetch(url + ROUTES.sessionsEnd, { method: 'POST', headers: bearer(token) });
  expect(await outcome(await ask(url, token))).toBe('401 unauthenticated');
  expect(await outcome(await ask(url, token))).toBe('429 rate_limited');
});

test('a session is no way around the limit of its member, where nobody asks for one', async () => {
  const url = await start({ memberRequestsPerMinute: 60 });
  const token = await logIn(url, circle, member);
  await ask(url, token);
  const outcomes = await times(60, async () => outcome(await challenge(url, bearer(token))));
  expect(outcomes.filter((result) => result === '200')).toHaveLength(59);
});

test('a handshake over the limit of its address is told so in the closed set of codes', async () => {
  const url = await start({ addressRequestsPerMinute: 60 });
  const token = await logIn(url, circle, member);
  // From here on the session is known, and only handshakes count.
  await ask(url, token);
  const outcomes = await times(70, () =>
    connectSocket(url, token).then(
      () => 'open',
      (error: Error) => error.message,
    ),
  );
  expect(outcomes.filter((result) => result === 'open')).toHaveLength(60);
  expect(new Set(outcomes)).toEqual(new Set(['open', 'rate_limited']));
});

test('two processes grant together what one would', async () => {
  const urls = [
    await start({ relayProcesses: 2, addressRequestsPerMinute: 60 }),
    await start({ relayProcesses: 2, addressRequestsPerMinute: 60 }),
  ];
  for (const url of urls) {
    const outcomes = await times(31, async () => outcome(await challenge(url)));
    expect(outcomes.filter((result) => result === '200')).toHaveLength(30);
  }
});

test('a member has so many sockets in all its sessions, and one again when one is closed', async () => {
  const url = await start({ socketsPerMember: 2, now: Date.now });
  const token = await logIn(url, circle, member);
  const session = await logIn(url, circle, member);
  const [first] = [await connectSocket(url, token), await connectSocket(url, session)];
  await expect(connectSocket(url, token)).rejects.toThrow('rate_limited');
  await connectSocket(url, await logIn(url, circle, other));
  first.raw.disconnect();
  await expect
    .poll(() =>
      connectSocket(url, token).then(
        () => 'open',
        () => 'refused',
      ),
    )
    .toBe('open');
});

test('a socket that goes while its session is looked up counts no more', async () => {
  const url = await start({ socketsPerMember: 1, now: Date.now });
  const token = await logIn(url, circle, member);
  const lock = new Client({ connectionString: databaseUrl });
  await lock.connect();
  await lock.query('BEGIN; LOCK TABLE session');
  const raw = io(url, { auth: { token: b64(token) }, transports: ['websocket'], forceNew: true });
  await until('it was looked up', async () => {
    const { rows } = await lock.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    return rows.length > 0;
  });
  raw.close();
  // Time enough for the relay to hear of it.
  await challenge(url);
  await sleep(100);
  await lock.end();
  await expect.poll(() => connectSocket(url, token).then(() => 'open', String)).toBe('open');
});

test('events that ask the database cost their member turns, on all its sockets, and a refusal says for how long', async () => {
  const url = await start({ memberRequestsPerMinute: 60, now: Date.now });
  const enter = async (who: TestMember) => connectSocket(url, await logIn(url, circle, who));
  const [{ raw }, second, others] = [await enter(member), await enter(member), await enter(other)];
  const acks: unknown[] = await times(80, () => raw.timeout(5_000).emitWithAck(EVENTS.renew, {}));
  expect(acks.at(-1)).toEqual({
    error: { code: 'rate_limited', message: expect.any(String), retryAfter: expect.any(Number) },
  });
  expect(await times(40, () => second.ask(EVENTS.renew, {}))).toContain('rate_limited');
  expect(await times(20, () => others.ask(EVENTS.renew, {}))).toEqual(Array(20).fill('bad_request'));
});
