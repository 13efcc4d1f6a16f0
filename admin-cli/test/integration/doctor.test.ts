import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createDatabase } from '@relay/demo/postgres';
import { migrate } from '@relay/server/migrate';
import { startRelay } from '@relay/server/testing';
import { createSecrets } from '@relay/server/turn';
import { Client } from 'pg';
import { beforeEach, expect, inject, onTestFinished, test } from 'vitest';
import { findingsFrom } from '../../src/doctor/index.ts';
import { temporaryDirectory } from '../support/circle.ts';
import { relayAdmin } from '../support/cli.ts';
import { wellFacts } from '../support/doctor-facts.ts';

let url: string;
let cwd: string;
let env: Record<string, string>;

beforeEach(async () => {
  url = await createDatabase(inject('postgresUrl'), `doctor_${randomBytes(6).toString('hex')}`);
  await migrate(url);
  cwd = await temporaryDirectory();
  env = { DATABASE_URL: url, TURN_SECRETS_FILE: join(cwd, 'secrets') };
  await createSecrets(join(cwd, 'secrets'));
});

async function sql<Row extends object>(text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Row>(text).finally(() => client.end());
  return rows;
}

/** Exit code, and `level area: finding` of what is not well. */
async function doctor(...args: string[]): Promise<{ code: number | null; said: string[] }> {
  const { code, stdout, stderr } = await relayAdmin(['doctor', '--json', ...args], { cwd, env });
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout) as { findings: { area: string; level: string; finding: string }[] };
  const bad = findings.filter(({ level }) => level === 'fault' || level === 'warning');
  return { code, said: bad.map(({ level, area, finding }) => `${level} ${area}: ${finding}`) };
}

test('a database that was not brought up to date, or comes from a newer relay, or is another', async () => {
  expect(await doctor()).toEqual({ code: 0, said: ['warning database: No key is on the allowlist.'] });

  await sql(`DELETE FROM _prisma_migrations WHERE migration_name = '0002_tokens'`);
  const behind = await doctor();
  expect(behind.code).toBe(6);
  expect(behind.said).toContain('fault database: It lacks 1 migration: 0002_tokens.');

  await sql(`UPDATE _prisma_migrations SET migration_name = '0099_later'`);
  expect((await doctor()).said.join()).toContain('fault database: The database has migration 0099_later');

  await sql('DROP TABLE _prisma_migrations');
  const empty = await doctor();
  expect(empty.code).toBe(6);
  expect(empty.said.join()).toContain('has not been migrated');
});

test('room that expired blobs had is given back by what doctor advises, and by nothing less', async () => {
  const size = async () =>
    (await sql<{ bytes: number }>(`SELECT pg_total_relation_size('blob')::integer AS bytes`))[0]?.bytes;
  await sql(`INSERT INTO member VALUES (sha256('member'))`);
  // The last one, which stands at the end of the file, is alive.
  await sql(`INSERT INTO blob (id, mailbox, expiry_hour, read_hash, delete_hash, body)
    SELECT substr(sha256(n::text::bytea), 1, 16), sha256('member'), CASE n WHEN 40 THEN 2000000000 ELSE 1 END,
      sha256('read'), sha256('delete'), decode(repeat('00', 65536), 'hex') FROM generate_series(1, 40) AS n`);
  const full = await size();
  expect((await relayAdmin(['blobs', 'expire-now'], { cwd, env })).stdout).toBe(
    'Removed 39 expired blobs.\n',
  );
  expect(await size()).toBeGreaterThanOrEqual(full ?? 0);

  const facts = wellFacts({ database: { ...wellFacts().database, bytes: 10_737_418_240 } as never });
  const { mend } =
    findingsFrom(facts, undefined).find(({ level, area }) => level === 'warning' && area === 'disk') ?? {};
  await sql(/--command='([^']+)'/.exec(mend ?? '')?.[1] ?? 'nothing is advised');
  expect(await size()).toBeLessThan((full ?? 0) / 4);
  expect(await sql('SELECT FROM blob')).toHaveLength(1);
});

test('a relay that is up, up with other settings, not ready, and gone', async () => {
  const relay = await startRelay({ databaseUrl: url });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await relay.close();
    isOpen = false;
  };
  onTestFinished(close);
  env.RELAY_PUBLIC_URL = `http://127.0.0.1:${relay.port}`;
  env.WEB_ORIGIN = 'http://localhost:5173';
  expect((await doctor()).code).toBe(0);

  env.WEB_ORIGIN = 'http://localhost:9';
  const other = await doctor();
  expect(other.code).toBe(6);
  expect(other.said).toContain(
    'fault origins: The relay that runs refuses the web origin http://localhost:9, which .env allows.',
  );

  // What the relay is to have before it is ready.
  await sql('ALTER TABLE _prisma_migrations RENAME TO away');
  const unready = await doctor('--relay', env.RELAY_PUBLIC_URL);
  expect(unready.said).toContain('fault API: The relay answers 503: it is not ready.');

  await close();
  const gone = await doctor('--relay', env.RELAY_PUBLIC_URL);
  expect(gone.code).toBe(6);
  expect(gone.said).toContain('fault API: The relay does not answer (ECONNREFUSED).');
});

test('a TURN server that does not answer, and secrets that are damaged', async () => {
  env.TURN_HOST = '127.0.0.1';
  env.TURN_PORT = '1';
  const silent = await doctor();
  expect(silent.code).toBe(6);
  expect(silent.said.join()).toMatch(/fault TURN: allocate over udp: .*fault TURN: allocate over tcp: /);
  env.TURN_SECRETS_FILE = join(cwd, 'nowhere');
  expect((await doctor()).said.join()).toContain('fault secrets: The TURN secrets file');
});

test('facts that are no facts of the host are refused', async () => {
  const refused = await relayAdmin(['doctor', '--host-facts', '-'], { cwd, env, stdin: 'engine=26\n' });
  expect(refused).toMatchObject({ code: 3, stdout: '' });
});
