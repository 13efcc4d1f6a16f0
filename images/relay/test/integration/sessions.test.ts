import { b64, ROUTES, randomBytes, SESSION_SECONDS, sessionMessage } from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import { endSession } from '../support/callers.ts';
import { bearer, outcome } from '../support/client.ts';
import { makeDatabase, seed, sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { askChallenge, logIn, makeCircle, makeMember, prove } from '../support/member.ts';

const circle = await makeCircle();
const member = circle.members[0] as TestMember;
let databaseUrl: string;
let relay: Relay;
let url: string;
beforeAll(async () => {
  databaseUrl = await makeDatabase(circle);
  relay = await startRelay({ databaseUrl });
  url = relay.url;
});
afterAll(() => relay.close());

test('a proof opens a session', async () => {
  const token = await logIn(url, circle, member);
  expect(await outcome(await fetch(url + ROUTES.mailbox, { headers: bearer(token) }))).toBe('200');
});

test('the answer to a challenge states the protocol', async () => {
  const response = await fetch(url + ROUTES.challenge, { method: 'POST' });
  expect(await response.json()).toMatchObject({ protocol: [1], expiresIn: 60 });
});

test('a nonce works once, whether the proof held or not', async () => {
  const [used, wasted] = [await askChallenge(url), await askChallenge(url)];
  expect(await outcome(await prove(url, circle, member, { nonce: used }))).toBe('200');
  expect(await outcome(await prove(url, circle, member, { nonce: wasted, signature: randomBytes(64) }))).toBe(
    '401 unauthenticated',
  );
  for (const nonce of [used, wasted]) {
    expect(await outcome(await prove(url, circle, member, { nonce }))).toBe('401 challenge_invalid');
  }
});

test('one nonce used by twenty at once works for one', async () => {
  const nonce = await askChallenge(url);
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, async () => outcome(await prove(url, circle, member, { nonce }))),
  );
  expect(outcomes.filter((result) => result === '200')).toHaveLength(1);
  expect(outcomes.filter((result) => result === '401 challenge_invalid')).toHaveLength(19);
});

test('an expired nonce and an invented one are the same', async () => {
  const expired = await askChallenge(url);
  await sql(databaseUrl, 'UPDATE challenge SET expiry_minute = 1 WHERE nonce = $1', [expired]);
  const answers = await Promise.all(
    [expired, randomBytes(32)].map((nonce) => prove(url, circle, member, { nonce })),
  );
  const [first, second] = await Promise.all(answers.map((answer) => answer.text()));
  expect(first).toBe(second);
  expect(first).toContain('challenge_invalid');
});

test('a proof made for another relay is worth nothing here', async () => {
  const origin = 'https://other-relay.example';
  expect(await outcome(await prove(url, circle, member, { origin }))).toBe('401 origin_mismatch');
});

test('naming this relay over a proof made for another one does not help', async () => {
  const nonce = await askChallenge(url);
  const { circleId } = circle;
  const claim = { circleId, origin: 'https://other-relay.example', nonce, keyHash: member.keyHash };
  const signature = await member.sign(sessionMessage(claim));
  expect(await outcome(await prove(url, circle, member, { nonce, signature }))).toBe('401 unauthenticated');
});

test('an unknown key, a bad signature and another circle get the same answer', async () => {
  const answers = [
    await prove(url, circle, await makeMember()),
    await prove(url, circle, await makeMember(), { signature: randomBytes(64) }),
    await prove(url, circle, member, { signature: randomBytes(64) }),
    await prove(url, circle, member, { circleId: randomBytes(32) }),
    await prove(url, circle, { ...member, bundle: new Uint8Array(1_280) }),
  ];
  const heard = await Promise.all(
    answers.map(async (answer) => {
      const headers = [...answer.headers].filter(([name]) => name !== 'date');
      return JSON.stringify([answer.status, headers, await answer.text()]);
    }),
  );
  expect(new Set(heard).size).toBe(1);
  expect(heard[0]).toContain('unauthenticated');
});

test('another protocol version is named as such, and the nonce stays good', async () => {
  const nonce = await askChallenge(url);
  expect(await outcome(await prove(url, circle, member, { nonce, protocol: 2 }))).toBe(
    '400 protocol_unsupported',
  );
  expect(await outcome(await prove(url, circle, member, { nonce }))).toBe('200');
});

test('a session ends by time, and the relay stores whole minutes of it', async () => {
  let now = Date.now();
  const clocked = await startRelay({ databaseUrl, now: () => now });
  const token = await logIn(clocked.url, circle, member);
  const list = async () => outcome(await fetch(clocked.url + ROUTES.mailbox, { headers: bearer(token) }));
  now += (SESSION_SECONDS - 1) * 1000;
  expect(await list()).toBe('200');
  now += 61_000;
  expect(await list()).toBe('401 unauthenticated');
  await clocked.close();
});

test('an expired, a malformed and an invented token are the same', async () => {
  const token = await logIn(url, circle, member);
  await endSession(databaseUrl, token);
  const headers = [
    bearer(token),
    bearer(randomBytes(32)),
    { Authorization: 'Bearer x' },
    { Authorization: `Basic ${b64(token)}` },
    {},
  ];
  const heard = await Promise.all(
    headers.map(async (sent) =>
      (await fetch(url + ROUTES.mailbox, { headers: sent as Record<string, string> })).text(),
    ),
  );
  expect(new Set(heard).size).toBe(1);
  expect(heard[0]).toContain('unauthenticated');
});

test('a relay that is not seeded is healthy and answers as for unknown keys; seeding needs no restart', async () => {
  const emptyUrl = await makeDatabase();
  const empty = await startRelay({ databaseUrl: emptyUrl });
  expect((await fetch(`${empty.url}/healthz`)).status).toBe(204);
  expect(await outcome(await prove(empty.url, circle, member))).toBe('401 unauthenticated');
  await seed(emptyUrl, circle);
  expect(await outcome(await prove(empty.url, circle, member))).toBe('200');
  await empty.close();
});
