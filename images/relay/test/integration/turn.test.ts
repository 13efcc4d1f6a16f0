import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { errorAnswer, hex, ROUTES } from '@relay/protocol/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../src/admin.ts';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import { readSecrets, rotateSecrets } from '../../src/turn/index.ts';
import { outcome } from '../support/client.ts';
import { makeDatabase, sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn, makeCircle } from '../support/member.ts';
import { startRelayProcess } from '../support/process.ts';
import { askTurn, getTurn, makeTurnSecrets, removeTurnSecrets } from '../support/turn.ts';
import { untilReady } from '../support/until.ts';

const circle = await makeCircle(4);
const [alice, bob, carol] = circle.members as [TestMember, TestMember, TestMember];
const clock = { ahead: 0 };
let databaseUrl: string;
let secretsFile: string;
let relay: Relay;
beforeAll(async () => {
  databaseUrl = await makeDatabase(circle);
  secretsFile = await makeTurnSecrets();
  relay = await startRelay({
    databaseUrl,
    turnSecretsFile: secretsFile,
    turnHost: 'turn.example',
    turnsPort: 5349,
    now: () => Date.now() + clock.ahead,
  });
  await untilReady(relay.url);
});
afterAll(async () => {
  await relay.close();
  await removeTurnSecrets(secretsFile);
});

/** Whether a TURN server that has this secret takes the credential. */
const isMadeWith = (secret: string, { username, credential }: { username: string; credential: string }) =>
  createHmac('sha1', secret).update(username).digest('base64') === credential;
const pseudonymOf = ({ username }: { username: string }) => username.split(':')[1];
const newestSecret = async () => (await readSecrets(secretsFile)).at(-1)?.secret as string;

test('a session gets what a TURN server takes, and nobody else anything', async () => {
  const made = await getTurn(relay.url, await logIn(relay.url, circle, alice));
  expect(made.urls).toEqual([
    'turn:turn.example:3478?transport=udp',
    'turn:turn.example:3478?transport=tcp',
    'turns:turn.example:5349?transport=tcp',
  ]);
  expect(isMadeWith(await newestSecret(), made)).toBe(true);
  const ends = Number(made.username.split(':')[0]);
  expect(ends % 60).toBe(0);
  expect(made.expiresIn).toBeGreaterThanOrEqual(3600);
  expect(made.expiresIn).toBeLessThan(3660);
  expect(await outcome(await askTurn(relay.url))).toBe('401 unauthenticated');
  expect(await outcome(await askTurn(relay.url, new Uint8Array(32)))).toBe('401 unauthenticated');
});

test('a session has one pseudonym, another has another, and the database does not give it away', async () => {
  const [first, second] = [await logIn(relay.url, circle, alice), await logIn(relay.url, circle, alice)];
  const [once, again] = [await getTurn(relay.url, first), await getTurn(relay.url, first)];
  expect(pseudonymOf(once)).toBe(pseudonymOf(again));
  expect(pseudonymOf(await getTurn(relay.url, second))).not.toBe(pseudonymOf(once));
  const { rows } = await sql(databaseUrl, 'SELECT token_hash FROM session');
  const guesses = rows.map(({ token_hash: key }) =>
    createHmac('sha256', key).update('relay/1 turn pseudonym').digest().subarray(0, 12).toString('base64url'),
  );
  expect(guesses.length).toBeGreaterThan(1);
  expect(guesses).not.toContain(pseudonymOf(once));
});

test('after a rotation the new secret is used when its time has come, without a restart', async () => {
  const token = await logIn(relay.url, circle, bob);
  const old = await newestSecret();
  await rotateSecrets(secretsFile, 3600);
  expect(isMadeWith(old, await getTurn(relay.url, token))).toBe(true);
  clock.ahead += 11_000;
  expect(isMadeWith(await newestSecret(), await getTurn(relay.url, token))).toBe(true);
});

test('a member is limited over all its sessions, and told for how long; others are not', async () => {
  const tokens = [await logIn(relay.url, circle, carol), await logIn(relay.url, circle, carol)];
  const answers: Response[] = [];
  for (let i = 0; i < 21; i++) answers.push(await askTurn(relay.url, tokens[i % 2]));
  const last = answers.pop() as Response;
  expect(answers.every(({ ok }) => ok)).toBe(true);
  const wait = Number(last.headers.get('Retry-After'));
  expect(await outcome(last)).toBe('429 rate_limited');
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(30);
  expect((await askTurn(relay.url, await logIn(relay.url, circle, bob))).status).toBe(200);
  clock.ahead += wait * 1000;
  expect((await askTurn(relay.url, tokens[0])).status).toBe(200);
});

test('a key that is revoked gets none, however fresh its session', async () => {
  const other = circle.members[3] as TestMember;
  const token = await logIn(relay.url, circle, other);
  expect((await askTurn(relay.url, token)).status).toBe(200);
  const admin = connect(databaseUrl);
  const keyHashes = circle.members.filter((member) => member !== other).map(({ keyHash }) => keyHash);
  await admin.seed({ ...circle.allowlist, keyHashes }, { prune: true }).finally(() => admin.close());
  expect(await outcome(await askTurn(relay.url, token))).toBe('401 unauthenticated');
});

test('a relay without TURN says so, to members alone', async () => {
  const plain = await startRelay({ databaseUrl });
  await untilReady(plain.url);
  const token = await logIn(plain.url, circle, alice);
  expect(await outcome(await askTurn(plain.url, token))).toBe('503 turn_unavailable');
  expect(await outcome(await askTurn(plain.url))).toBe('401 unauthenticated');
  await plain.close();
});

test('the host is that of the first public URL where none is given', async () => {
  const publicUrls = ['https://relay.example', 'https://other.example'];
  const named = await startRelay({ databaseUrl, publicUrls, turnSecretsFile: secretsFile });
  await untilReady(named.url);
  // Session proofs name public URLs, so the session comes from the other relay.
  const token = await logIn(relay.url, circle, alice);
  expect((await getTurn(named.url, token)).urls[0]).toBe('turn:relay.example:3478?transport=udp');
  await named.close();
});

test('a file that is missing or damaged is a fault without its path, logged once; when it is back, all goes on', async () => {
  const path = await makeTurnSecrets();
  const text = `relay-turn-secrets 1\n${'5e'.repeat(32)} 5 -\n`;
  const running = await startRelayProcess(databaseUrl, { TURN_SECRETS_FILE: path, LOG_LEVEL: 'debug' });
  const token = await logIn(running.url, circle, alice);
  await getTurn(running.url, token);
  await removeTurnSecrets(path);
  for (let i = 0; i < 3; i++) {
    const response = await askTurn(running.url, token);
    const body = errorAnswer.parse(await response.clone().json());
    expect(await outcome(response)).toBe('503 turn_unavailable');
    expect(body.error.message).not.toContain(path);
  }
  const lines = running
    .output()
    .split('\n')
    .filter((line) => line.includes('TURN'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('ENOENT');

  const again = await makeTurnSecrets();
  await writeFile(again, text);
  const next = await startRelayProcess(databaseUrl, { TURN_SECRETS_FILE: again, LOG_LEVEL: 'debug' });
  const theirs = await logIn(next.url, circle, alice);
  const made = await getTurn(next.url, theirs);
  await writeFile(again, text.slice(0, 50));
  expect(await outcome(await askTurn(next.url, theirs))).toBe('503 turn_unavailable');
  await writeFile(again, text);
  expect(await getTurn(next.url, theirs)).toMatchObject({ credential: expect.any(String) });
  await Promise.all([running.end('SIGTERM'), next.end('SIGTERM')]);
  const logs = running.output() + next.output();
  for (const value of ['5e5e', made.credential, pseudonymOf(made), hex(alice.keyHash), again, ROUTES.turn]) {
    expect(logs).not.toContain(value);
  }
  await removeTurnSecrets(again);
});
