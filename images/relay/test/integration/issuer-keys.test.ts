/** Issuer keys: how long they hold, who ends them, and what is left of what was spent (SPEC.md §22.1, §22.2). */
import { beginDraw } from '@relay/protocol';
import type { Bytes } from '@relay/protocol/wire';
import {
  b64,
  decodeToken,
  ISSUER_KEY_HOURS,
  ISSUER_OVERLAP_HOURS,
  isIssued,
  ROUTES,
  randomBytes,
  tokenKeysAnswer,
} from '@relay/protocol/wire';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/admin.ts';
import { openDatabase } from '../../src/database/pools.ts';
import type { Relay } from '../../src/testing.ts';
import { startRelay } from '../../src/testing.ts';
import { DAY_MS, HOUR_MS } from '../../src/time.ts';
import { createTokenWork } from '../../src/worker/tokens.ts';
import { askIssuerKey, bearer, drawTokens, outcome, postBytes, spendToken } from '../support/client.ts';
import { sql } from '../support/database.ts';
import type { TestMember } from '../support/member.ts';
import { logIn } from '../support/member.ts';
import { startRelayProcess } from '../support/process.ts';
import type { TokenStage } from '../support/tokens.ts';
import { count, next, openTokenStage, spend } from '../support/tokens.ts';
import { until } from '../support/until.ts';

const stages: TokenStage[] = [];
const openStage = async (perDay?: number): Promise<TokenStage> => {
  const opened = await openTokenStage(perDay);
  stages.push(opened);
  return opened;
};
let stage: TokenStage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  for (const { relay } of stages) await relay.close();
});

test('what was spent and drawn is known after a relay was killed, with the same key', async () => {
  const first = await startRelayProcess(stage.databaseUrl);
  const key = await askIssuerKey(first.url);
  const tokens = await drawTokens(first.url, await logIn(first.url, stage.circle, stage.owner));
  const [spent, kept] = tokens as [Bytes, Bytes];
  expect(await outcome(await spendToken(first.url, spent, stage.owner.keyHash))).toBe('200');
  await first.end('SIGKILL');
  const second = await startRelayProcess(stage.databaseUrl);
  onTestFinished(() => void second.child.kill('SIGKILL'));
  expect(await askIssuerKey(second.url)).toEqual(key);
  expect(await outcome(await spendToken(second.url, spent, stage.owner.keyHash))).toBe('409 token_spent');
  expect(await outcome(await spendToken(second.url, kept, stage.owner.keyHash))).toBe('200');
});

test('keys roll after a week, overlap for a day, and take what was spent with them', async () => {
  const rolling = await openStage();
  const { clock, relay } = rolling;
  const first = await askIssuerKey(relay.url);
  const database = openDatabase(rolling.databaseUrl);
  onTestFinished(() => database.close());
  const worker = createTokenWork(database.pool, () => clock.now);
  expect(await spend(rolling, next(rolling))).toBe('200');

  clock.now = first.epoch * HOUR_MS + (ISSUER_KEY_HOURS - 1) * HOUR_MS;
  await worker.tick();
  expect(await askIssuerKey(relay.url)).toEqual(first);
  clock.now += HOUR_MS;
  await worker.tick();
  const second = await askIssuerKey(relay.url);
  expect(second.epoch).toBe(first.epoch + ISSUER_KEY_HOURS);
  expect(b64(second.publicKey)).not.toBe(b64(first.publicKey));
  expect(await spend(rolling, next(rolling))).toBe('200');
  const token = await logIn(relay.url, rolling.circle, rolling.owner);
  const newer = await drawTokens(relay.url, token);
  expect(decodeToken(newer[0] as Bytes).epoch).toBe(second.epoch);

  clock.now += ISSUER_OVERLAP_HOURS * HOUR_MS;
  expect(await spend(rolling, next(rolling))).toBe('401 token_invalid');
  expect(await count(rolling, 'spent_token')).toBe(2);
  await worker.tick();
  expect(await count(rolling, 'spent_token')).toBe(0);
  expect(await count(rolling, 'issuer_key')).toBe(1);
  expect(await spend(rolling, newer.pop() as Bytes)).toBe('200');
});

test('many processes that find no key make one', async () => {
  const empty = await openStage();
  await sql(empty.databaseUrl, 'DELETE FROM issuer_key');
  const relays = await Promise.all([1, 2, 3].map(() => startRelay({ databaseUrl: empty.databaseUrl })));
  for (const relay of relays) onTestFinished(() => relay.close());
  const keys = await Promise.all(
    Array.from({ length: 12 }, async (_, i) => (await askIssuerKey((relays[i % 3] as Relay).url)).publicKey),
  );
  expect(new Set(keys.map(b64)).size).toBe(1);
  expect(await count(empty, 'issuer_key')).toBe(1);
});

test('revoking a member voids what it drew, at once and at every process, and the others draw anew', async () => {
  const revoking = await openStage(64);
  const { relay, circle, databaseUrl } = revoking;
  const other = await startRelay({ databaseUrl });
  onTestFinished(() => other.close());
  const ofOther = await drawTokens(other.url, await logIn(other.url, circle, revoking.owner));
  expect(await spend(revoking, next(revoking))).toBe('200');
  const before = await askIssuerKey(relay.url);

  const admin = connect(databaseUrl);
  onTestFinished(() => admin.close());
  const [revoked, ...rest] = circle.members as [TestMember, ...TestMember[]];
  const keyHashes = rest.map(({ keyHash }) => keyHash);
  expect(await admin.seed({ circleId: circle.circleId, keyHashes }, { prune: true })).toMatchObject({
    removed: 1,
  });

  expect(await spend(revoking, next(revoking))).toBe('401 token_invalid');
  const theirs = await spendToken(other.url, ofOther.pop() as Bytes, revoking.owner.keyHash);
  expect(await outcome(theirs)).toBe('401 token_invalid');
  expect(await count(revoking, 'spent_token')).toBe(0);
  const request = await postBytes(relay.url + ROUTES.tokens, beginDraw().request, bearer(revoking.token));
  expect(await outcome(request)).toBe('401 unauthenticated');
  const after = await askIssuerKey(relay.url);
  expect(after.epoch).toBeGreaterThan(before.epoch);
  // The day's allowance was one batch, and that was drawn: a voided one does not count.
  const again = await drawTokens(relay.url, await logIn(relay.url, circle, revoking.owner));
  expect(await spend(revoking, again.pop() as Bytes)).toBe('200');
  expect(revoked.keyHash).toHaveLength(32);
});

test('revoking a member while somebody buys a ticket for it waits for that, and neither fails', async () => {
  const busy = await openStage();
  const [buying, revoking] = [
    new Client({ connectionString: busy.databaseUrl }),
    new Client({ connectionString: busy.databaseUrl }),
  ];
  onTestFinished(() => Promise.all([buying.end(), revoking.end()]).then(() => undefined));
  await Promise.all([buying.connect(), revoking.connect()]);
  const { epoch } = await askIssuerKey(busy.relay.url);
  await buying.query('BEGIN');
  await buying.query('INSERT INTO spent_token VALUES ($1, $2)', [epoch, randomBytes(32)]);
  const revoked = revoking.query('DELETE FROM member WHERE key_hash = $1', [busy.owner.keyHash]);
  await until('the revocation waited', async () => {
    const waiting =
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    return (await sql(busy.databaseUrl, waiting)).rows.length > 0;
  });
  await buying.query('INSERT INTO ticket VALUES ($1, $2, 32, 2000000000)', [
    randomBytes(32),
    busy.owner.keyHash,
  ]);
  await buying.query('COMMIT');
  expect((await revoked).rowCount).toBe(1);
  expect([await count(busy, 'ticket'), await count(busy, 'spent_token')]).toEqual([0, 0]);
});

test('seeding that removes nobody voids nothing', async () => {
  const seeding = await openStage();
  const admin = connect(seeding.databaseUrl);
  onTestFinished(() => admin.close());
  const before = await askIssuerKey(seeding.relay.url);
  await admin.seed(seeding.circle.allowlist, { prune: true });
  expect(await askIssuerKey(seeding.relay.url)).toEqual(before);
  expect(await spend(seeding, next(seeding))).toBe('200');
});

test('nothing in the database ties a spent token to a member or a ticket, and the order goes once an hour', async () => {
  const quiet = await openStage();
  const { databaseUrl, clock } = quiet;
  const hashes: string[] = [];
  for (let i = 0; i < 24; i++) {
    expect(await spend(quiet, next(quiet))).toBe('200');
    const { rows } = await sql(databaseUrl, 'SELECT encode(nonce_hash, $1) AS hash FROM spent_token', [
      'hex',
    ]);
    hashes.push(...rows.map(({ hash }) => hash as string).filter((hash) => !hashes.includes(hash)));
  }
  const stored = async () =>
    (
      await sql(
        databaseUrl,
        "SELECT encode(nonce_hash, 'hex') AS hash, xmin::text AS by FROM spent_token ORDER BY ctid",
      )
    ).rows as { hash: string; by: string }[];
  expect((await stored()).map(({ hash }) => hash)).toEqual(hashes);
  const columns = await sql(
    databaseUrl,
    "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'spent_token'",
  );
  expect(columns.rows.map(({ name }) => name).sort()).toEqual(['epoch', 'nonce_hash']);
  const database = openDatabase(databaseUrl);
  onTestFinished(() => database.close());
  await createTokenWork(database.pool, () => clock.now).tick();
  const rows = await stored();
  expect(rows.map(({ hash }) => hash)).toEqual([...hashes].sort());
  expect(new Set(rows.map(({ by }) => by)).size).toBe(1);
  expect(await spend(quiet, next(quiet))).toBe('200');
});

test('nothing in the database tells in which order members drew, after the hour, and their counts stay', async () => {
  const quiet = await openStage(128);
  const { relay, circle, databaseUrl, clock } = quiet;
  const byHash = [...circle.members].sort((a, b) => Buffer.compare(a.keyHash, b.keyHash));
  await sql(databaseUrl, 'DELETE FROM token_draw');
  for (const member of byHash.toReversed())
    await drawTokens(relay.url, await logIn(relay.url, circle, member));
  const stored = async () =>
    (
      await sql(
        databaseUrl,
        'SELECT key_hash AS hash, xmin::text AS by, batches FROM token_draw ORDER BY ctid',
      )
    ).rows as { hash: Buffer; by: string; batches: number }[];
  const order = (members: readonly TestMember[]) => members.map(({ keyHash }) => b64(keyHash));
  expect((await stored()).map(({ hash }) => b64(hash))).toEqual(order(byHash.toReversed()));
  const database = openDatabase(databaseUrl);
  onTestFinished(() => database.close());
  await createTokenWork(database.pool, () => clock.now).tick();
  const rows = await stored();
  expect(rows.map(({ hash }) => b64(hash))).toEqual(order(byHash));
  expect(new Set(rows.map(({ by }) => by)).size).toBe(1);
  expect(rows.map(({ batches }) => batches)).toEqual(byHash.map(() => 1));
});

test('what was drawn on earlier days is forgotten, and what was drawn today is not', async () => {
  const drawn = await openStage();
  const database = openDatabase(drawn.databaseUrl);
  onTestFinished(() => database.close());
  const worker = createTokenWork(database.pool, () => drawn.clock.now);
  await worker.tick();
  expect(await count(drawn, 'token_draw')).toBe(1);
  drawn.clock.now += DAY_MS;
  await worker.tick();
  expect(await count(drawn, 'token_draw')).toBe(0);
});

test('a spent token stays refused while the worker takes the order out', async () => {
  const busy = await openStage();
  const database = openDatabase(busy.databaseUrl);
  onTestFinished(() => database.close());
  const spent: Bytes[] = [];
  for (let i = 0; i < 10; i++) spent.push(next(busy));
  for (const token of spent) expect(await spend(busy, token)).toBe('200');
  const shuffles = Promise.all(
    Array.from({ length: 5 }, () => createTokenWork(database.pool, () => busy.clock.now).tick()),
  );
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, (_, i) => spend(busy, spent[i % 10] as Bytes)),
  );
  await shuffles;
  expect(new Set(outcomes)).toEqual(new Set(['409 token_spent']));
  expect(await count(busy, 'spent_token')).toBe(10);
});

test('the private half of a key stays at the relay', async () => {
  const { rows } = await sql(stage.databaseUrl, 'SELECT secret FROM issuer_key WHERE secret IS NOT NULL');
  const answers = [
    await (await fetch(stage.relay.url + ROUTES.tokenKeys)).text(),
    await (await postBytes(stage.relay.url + ROUTES.tokens, beginDraw().request, bearer(stage.token))).text(),
  ];
  expect(rows.length).toBeGreaterThan(0);
  for (const { secret } of rows) {
    expect(isIssued(secret, decodeToken(next(stage)))).toBe(true);
    for (const answer of answers) expect(answer).not.toContain(b64(secret));
  }
  expect(tokenKeysAnswer.parse(JSON.parse(answers[0] as string)).keys).toHaveLength(1);
});
