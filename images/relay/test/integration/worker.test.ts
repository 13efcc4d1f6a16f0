import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/pools.ts';
import { currentHour, currentMinute } from '../../src/time.ts';
import { sweep } from '../../src/worker/sweep.ts';
import { makeDatabase, sql } from '../support/database.ts';
import { makeCircle } from '../support/member.ts';
import { startProcess } from '../support/process.ts';
import { until } from '../support/until.ts';

const circle = await makeCircle();
// A clock that stands still: an hour may end while this runs.
const at = Date.now();
const hour = currentHour(at);
let databaseUrl: string;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  databaseUrl = await makeDatabase(circle);
  database = openDatabase(databaseUrl);
});
afterAll(() => database.close());
beforeEach(() => sql(databaseUrl, 'TRUNCATE blob, session, ticket, challenge'));

/** Puts blobs into a mailbox that expire at an hour. */
async function addBlobs(count: number, expiryHour: number): Promise<void> {
  const text = `INSERT INTO blob (id, mailbox, expiry_hour, read_hash, delete_hash, body)
    SELECT substr(sha256(convert_to(random()::text || i, 'UTF8')), 1, 16), $1, $2, sha256(''), sha256(''), decode(repeat('00', 65536), 'hex')
    FROM generate_series(1, $3) AS i`;
  await sql(databaseUrl, text, [circle.members[0]?.keyHash, expiryHour, count]);
}

const run = () => sweep(database.pool, () => at, new AbortController().signal);
const count = async (table: string) =>
  (await sql(databaseUrl, `SELECT count(*)::integer AS n FROM ${table}`)).rows[0].n;

test('what has expired goes, the rest stays', async () => {
  await addBlobs(3, hour);
  await addBlobs(2, hour - 40);
  await addBlobs(4, hour + 1);
  const minute = currentMinute(at);
  const key = circle.members[0]?.keyHash;
  for (const [token, ends] of [
    ['a', minute - 1],
    ['b', minute],
    ['c', minute + 5],
  ]) {
    await sql(databaseUrl, 'INSERT INTO session VALUES (sha256($1), $2, $3)', [
      Buffer.from(String(token)),
      key,
      ends,
    ]);
    await sql(databaseUrl, 'INSERT INTO ticket VALUES (sha256($1), $2, 32, $3)', [
      Buffer.from(String(token)),
      key,
      ends,
    ]);
    await sql(databaseUrl, 'INSERT INTO challenge VALUES (sha256($1), $2)', [
      Buffer.from(String(token)),
      ends,
    ]);
  }
  expect(await run()).toEqual({ blobs: 5, sessions: 2, tickets: 2, challenges: 2 });
  expect(await Promise.all(['blob', 'session', 'ticket', 'challenge'].map(count))).toEqual([4, 1, 1, 1]);
  expect(await run()).toEqual({ blobs: 0, sessions: 0, tickets: 0, challenges: 0 });
});

test('two workers at once remove everything once', async () => {
  await addBlobs(900, hour - 1);
  const [first, second] = await Promise.all([run(), run()]);
  expect(first.blobs + second.blobs).toBe(900);
  expect(await count('blob')).toBe(0);
});

test('a worker passes over what another has in hand', async () => {
  await addBlobs(500, hour - 1);
  const other = await database.pool.connect();
  await other.query('BEGIN');
  await other.query('SELECT id FROM blob LIMIT 100 FOR UPDATE');
  expect((await run()).blobs).toBe(400);
  await other.query('ROLLBACK');
  other.release();
  expect((await run()).blobs).toBe(100);
});

test('the space is used again', async () => {
  const size = async () =>
    (await sql(databaseUrl, "SELECT pg_total_relation_size('blob')::bigint AS size")).rows[0].size;
  await addBlobs(300, hour - 1);
  await run();
  const before = Number(await size());
  for (let round = 0; round < 3; round++) {
    await addBlobs(300, hour - 1);
    await run();
  }
  expect(Number(await size())).toBeLessThan(before + 300 * 65_536);
});

test('a worker that is stopped stops between batches', async () => {
  await addBlobs(500, hour - 1);
  const stop = new AbortController();
  stop.abort();
  expect((await sweep(database.pool, () => at, stop.signal)).blobs).toBe(0);
  expect(await count('blob')).toBe(500);
});

test('the process sweeps at start and by schedule, and ends well', async () => {
  await addBlobs(5, hour - 1);
  const worker = startProcess('worker', { DATABASE_URL: databaseUrl, WORKER_SCHEDULE: '* * * * * *' });
  const isEmpty = async () => (await count('blob')) === 0;
  await until('the sweep at start had ended', isEmpty);
  await addBlobs(7, hour - 1);
  await until('a later sweep had ended', isEmpty);
  expect(await worker.end('SIGTERM')).toBe(0);
  expect(worker.output()).toContain('"swept"');
});
