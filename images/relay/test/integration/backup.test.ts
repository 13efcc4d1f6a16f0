import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { Dump } from '../../src/backup/dump.ts';
import { openDump } from '../../src/backup/dump.ts';
import { openLoad } from '../../src/backup/load.ts';
import { migrate } from '../../src/database/migrations.ts';
import { currentHour } from '../../src/time.ts';
import { emptyDatabase, makeDatabase, sql } from '../support/database.ts';

const hour = currentHour(Date.now());
const ID = 'ab'.repeat(16);

/** A database with two members, a roster update, a session, a spent token, and blobs of which one has expired. */
async function filledDatabase(): Promise<string> {
  const url = await makeDatabase();
  const [one, two] = [randomBytes(32), randomBytes(32)];
  await sql(url, 'INSERT INTO circle (circle_id) VALUES ($1)', [randomBytes(32)]);
  await sql(url, 'INSERT INTO member VALUES ($1), ($2)', [one, two]);
  await sql(url, 'INSERT INTO roster_update (body) VALUES ($1)', [randomBytes(131_072)]);
  await sql(url, 'INSERT INTO session VALUES ($1, $2, 2000000000)', [randomBytes(32), one]);
  await sql(url, 'INSERT INTO issuer_key VALUES ($1, $2, $2)', [hour + 7, randomBytes(32)]);
  await sql(url, 'INSERT INTO spent_token VALUES ($1, $2)', [hour + 7, randomBytes(32)]);
  for (const expiry of [hour - 1, hour + 60, hour + 61]) {
    await sql(
      url,
      'INSERT INTO blob (id, mailbox, expiry_hour, read_hash, delete_hash, body) VALUES ($1, $2, $3, $4, $4, $5)',
      [randomBytes(16), two, expiry, randomBytes(32), randomBytes(65_536)],
    );
  }
  return url;
}

const all = async (url: string, table: string) =>
  (await sql(url, `SELECT * FROM ${table} ORDER BY 1`)).rows as unknown[];

/** Fills a database from another, up to the last step. */
async function fill(dump: Dump, target: string, at = hour) {
  const load = await openLoad(target, ID);
  expect(load.state).toBe('empty');
  await load.prepare(dump.migrations);
  for (const table of dump.tables) await load.fill(table, dump.rows(table));
  await load.finish({ issuerEpoch: dump.issuerEpoch, hour: at });
  return load;
}

test.each([
  ['never migrated', emptyDatabase],
  ['migrated', makeDatabase],
])('a database that was %s takes members, roster and living blobs, and nothing else', async (_is, make) => {
  const [from, to] = [await filledDatabase(), await make()];
  const dump = await openDump(from, { includeBlobs: true, hour });
  expect(dump).toMatchObject({ members: 2, blobs: 2, issuerEpoch: hour + 7 });
  const load = await fill(dump, to);
  await load.commit();
  await load.close();
  await dump.close();
  for (const table of ['circle', 'member', 'roster_update']) {
    expect(await all(to, table)).toEqual(await all(from, table));
  }
  const alive = (await all(from, 'blob')).filter(
    (row) => (row as { expiry_hour: number }).expiry_hour > hour,
  );
  expect(alive).toHaveLength(2);
  expect(await all(to, 'blob')).toEqual(alive);
  for (const table of ['session', 'spent_token', 'token_draw']) expect(await all(to, table)).toEqual([]);
  // Every token of before is void, and the next key has a higher epoch than any that members were told of.
  expect(await all(to, 'issuer_key')).toEqual([{ epoch: hour + 7, secret: null, public_key: null }]);
});

test('without blobs, or when they have expired meanwhile, there are none', async () => {
  const from = await filledDatabase();
  for (const includeBlobs of [true, false]) {
    const to = await makeDatabase();
    const dump = await openDump(from, { includeBlobs, hour });
    const load = await fill(dump, to, hour + 100);
    await load.commit();
    await Promise.all([load.close(), dump.close()]);
    expect(await all(to, 'blob')).toEqual([]);
    expect(await all(to, 'member')).toHaveLength(2);
    expect(await all(to, 'issuer_key')).toMatchObject([{ epoch: hour + 100 }]);
  }
});

test('cut short before the last step it leaves nothing; afterwards it is known again, and others are refused', async () => {
  const [from, to] = [await filledDatabase(), await makeDatabase()];
  const dump = await openDump(from, { includeBlobs: true, hour });
  await (await fill(dump, to)).close();
  expect(await all(to, 'member')).toEqual([]);
  const load = await fill(dump, to);
  await load.commit();
  await Promise.all([load.close(), dump.close()]);
  for (const [id, state] of [
    [ID, 'restored'],
    ['cd'.repeat(16), 'filled'],
  ] as const) {
    const again = await openLoad(to, id);
    expect(again.state).toBe(state);
    await again.close();
  }
});

test('one of an older schema is restored, then migrated; of a newer one, nothing is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  const first = new URL('../../prisma/migrations/0001_init', import.meta.url);
  await cp(first, join(folder, '0001_init'), { recursive: true });
  const [from, to] = [await emptyDatabase(), await makeDatabase()];
  await migrate(from, pathToFileURL(`${folder}/`));
  await rm(folder, { recursive: true });
  await sql(from, 'INSERT INTO member VALUES ($1)', [randomBytes(32)]);
  const dump = await openDump(from, { includeBlobs: true, hour });
  expect(dump.issuerEpoch).toBeUndefined();
  const before = await all(to, '_prisma_migrations');
  const load = await fill(dump, to);
  await load.commit();
  await Promise.all([load.close(), dump.close()]);
  expect(await all(to, 'member')).toEqual(await all(from, 'member'));
  expect(await migrate(to)).toEqual([]);
  // Made anew: the rows were there when the later migrations ran.
  for (const row of await all(to, '_prisma_migrations')) expect(before).not.toContainEqual(row);
  expect(await all(to, 'issuer_key')).toMatchObject([{ epoch: hour }]);
  await sql(from, "UPDATE _prisma_migrations SET migration_name = '9999_newer'");
  await expect(openDump(from, { includeBlobs: true, hour })).rejects.toThrow('newer relay');
});
