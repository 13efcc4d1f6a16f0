import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { migrate } from '../../src/database/migrations.ts';
import { openDatabase } from '../../src/database/pools.ts';
import { startRelay } from '../../src/testing.ts';
import { emptyDatabase, makeDatabase, sql } from '../support/database.ts';
import { modelColumns, modelIndexes } from '../support/models.ts';
import { startProcess } from '../support/process.ts';
import { until, untilReady } from '../support/until.ts';

test('migrations apply once, however often and by however many they are run', async () => {
  const url = await emptyDatabase();
  const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  const names = ['0001_init', '0002_tokens', '0003_order', '0004_draws'];
  expect(applied.flat()).toEqual(names);
  expect(await migrate(url)).toEqual([]);
  const { rows } = await sql(
    url,
    'SELECT migration_name, checksum, finished_at, applied_steps_count, rolled_back_at FROM _prisma_migrations',
  );
  expect(rows).toEqual(
    names.map((name) => ({
      migration_name: name,
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      finished_at: expect.any(Date),
      applied_steps_count: 1,
      rolled_back_at: null,
    })),
  );
});

test('a migration that fails leaves nothing behind, and can be run again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  const file = join(folder, '0001_first', 'migration.sql');
  await mkdir(join(folder, '0001_first'));
  await writeFile(file, 'CREATE TABLE half (); SELECT 1 / 0;');
  const url = await emptyDatabase();
  const at = pathToFileURL(`${folder}/`);
  await expect(migrate(url, at)).rejects.toThrow('division by zero');
  expect((await sql(url, "SELECT to_regclass('half') AS found")).rows[0].found).toBeNull();
  await writeFile(file, 'CREATE TABLE whole ();');
  expect(await migrate(url, at)).toEqual(['0001_first']);
  await writeFile(file, 'CREATE TABLE other ();');
  await expect(migrate(url, at)).rejects.toThrow('changed after it was applied');
  await rm(folder, { recursive: true });
});

test('the migrated database has exactly the columns and indexes of the Prisma schema', async () => {
  const url = await makeDatabase();
  const { rows } = await sql(
    url,
    `SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'YES' THEN ' null' ELSE '' END AS line
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' ORDER BY 1`,
  );
  expect(rows.map((row) => row.line)).toEqual(modelColumns());
  const indexes = await sql(
    url,
    `SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%\\_pkey' ORDER BY 1`,
  );
  expect(indexes.rows.map((row) => row.indexname)).toEqual(modelIndexes());
});

test('Prisma reads every column of every table', async () => {
  const database = openDatabase(await makeDatabase());
  const { prisma } = database;
  const blobs = [prisma.ticket, prisma.blob, prisma.issuerKey, prisma.spentToken, prisma.tokenDraw];
  const members = [prisma.circle, prisma.member, prisma.challenge, prisma.session, prisma.rosterUpdate];
  const reads = [...blobs, ...members].map((model) => (model.findMany as () => Promise<unknown[]>)());
  expect((await Promise.all(reads)).flat()).toEqual([]);
  await database.close();
});

test('the migrate command brings a database up to date, and a waiting relay notices', async () => {
  const url = await emptyDatabase();
  const relay = await startRelay({ databaseUrl: url });
  expect((await fetch(`${relay.url}/readyz`)).status).toBe(503);
  const answer = await fetch(`${relay.url}/v1/challenge`, { method: 'POST' });
  expect(answer.status).toBe(503);
  const command = startProcess('migrate', { DATABASE_URL: url });
  await until('it had ended', () => command.child.exitCode !== null);
  expect(command.child.exitCode).toBe(0);
  expect(command.output()).toContain('0001_init');
  await untilReady(relay.url);
  await relay.close();
});
