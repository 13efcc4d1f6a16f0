import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase } from '@relay/demo/postgres';
import { migrate } from '@relay/server/migrate';
import { createSecrets } from '@relay/server/turn';
import { Client } from 'pg';
import { beforeEach, expect, inject, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../support/circle.ts';
import { relayAdmin, startCli } from '../support/cli.ts';

let url: string;
let cwd: string;
let env: Record<string, string>;

beforeEach(async () => {
  url = await createDatabase(inject('postgresUrl'), `operate_${randomBytes(6).toString('hex')}`);
  await migrate(url);
  cwd = await temporaryDirectory();
  env = { DATABASE_URL: url, TURN_SECRETS_FILE: join(cwd, 'secrets') };
  await createSecrets(join(cwd, 'secrets'));
});

const run = (...args: string[]) => relayAdmin(args, { cwd, env });

async function sql(text: string, values: unknown[] = []) {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client.query(text, values).finally(() => client.end());
}

/** Stores blobs of one member, which expire that many hours from now. */
async function store(...hours: number[]): Promise<void> {
  const member = randomBytes(32);
  await sql('INSERT INTO member VALUES ($1)', [member]);
  for (const hour of hours) {
    await sql(
      'INSERT INTO blob (id, mailbox, expiry_hour, read_hash, delete_hash, body) VALUES ($1, $2, $3, $4, $4, $5)',
      [
        randomBytes(16),
        member,
        Math.floor(Date.now() / 3_600_000) + hour,
        randomBytes(32),
        randomBytes(65_536),
      ],
    );
  }
}

const stored = async () => (await sql('SELECT FROM blob')).rowCount;

test('blobs: stats, expire-now and wipe; again, there is nothing to do', async () => {
  await store(-30, -1, 60, 61, 90);
  const stats = JSON.parse((await run('blobs', 'stats', '--json')).stdout);
  expect(stats).toMatchObject({ blobs: 5, bytes: 327_680 });
  for (const day of stats.days) expect(Object.keys(day)).toEqual(['day', 'blobs', 'bytes']);
  expect((await run('blobs', 'stats')).stdout).toContain('stores 5 blobs, 320 KiB');

  expect(await run('blobs', 'expire-now')).toMatchObject({
    code: 0,
    stdout: 'Removed 2 expired blobs.\n',
    stderr: 'Removing expired blobs 2/2\n',
  });
  expect(await run('blobs', 'expire-now')).toMatchObject({ code: 0, stdout: 'Nothing had expired.\n' });
  expect(await stored()).toBe(3);

  expect(await run('blobs', 'wipe')).toMatchObject({ code: 4, stdout: '' });
  expect(await stored()).toBe(3);
  const wiped = await run('blobs', 'wipe', '--yes', '--json');
  expect(wiped).toMatchObject({ code: 0, stderr: 'Removing blobs 3/3\n' });
  expect(JSON.parse(wiped.stdout)).toEqual({ removed: 3 });
  expect(await stored()).toBe(0);
  expect((await sql('SELECT FROM member')).rowCount).toBe(1);
  expect(await run('blobs', 'wipe')).toMatchObject({ code: 0, stdout: 'There was nothing to remove.\n' });
});

test('status and top show sums, and go on where a part is away', async () => {
  await store(60, 61);
  const whole = await run('status', '--json');
  expect(whole).toMatchObject({ code: 0, stderr: '' });
  const status = JSON.parse(whole.stdout);
  expect(status).toMatchObject({ database: { members: 1, blobs: 2, expired: 0 }, turn: { alive: 1 } });
  expect(Object.keys(status.database).toSorted()).toEqual(['blobs', 'databaseBytes', 'expired', 'members']);

  const top = await run('top', '--every', '2', '--count', '2');
  expect(top).toMatchObject({ code: 0, stderr: '' });
  expect(top.stdout.match(/ members /g)).toHaveLength(2);

  env.DATABASE_URL = 'postgres://a:hidden@127.0.0.1:1/a';
  const down = await run('status');
  expect(down.code).toBe(6);
  expect(down.stdout).toMatch(/database {2}The relay’s database does not answer/);
  expect(down.stdout).toMatch(/TURN {6}1 secret alive/);
  expect(down.stdout).not.toContain('hidden');
  await writeFile(join(cwd, 'secrets'), 'damaged');
  expect((await run('top', '--count', '1', '--json')).code).toBe(6);
});

test('top ends when nobody reads it any more', async () => {
  const child = startCli(['top', '--every', '2'], { cwd, env });
  onTestFinished(() => void child.kill());
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(complaints).toBe('');
});

test('what is the matter with a database is told apart, without its password', async () => {
  const other = (change: (url: URL) => void) => {
    const own = new URL(url);
    change(own);
    return own.href;
  };
  const empty = await createDatabase(inject('postgresUrl'), `operate_${randomBytes(6).toString('hex')}`);
  const cases: [string, RegExp][] = [
    ['postgres://a:hidden@127.0.0.1:1/a', /does not answer \(127\.0\.0\.1:1\)\. Check that it runs/],
    [other((own) => (own.password = 'hidden')), /refuses the login\. Check the name and the password/],
    [other((own) => (own.pathname = '/none')), /is not there: its server has none of that name/],
    [empty, /has not been migrated, or is another/],
  ];
  await writeFile(join(cwd, 'pass'), 'four words and one\n');
  for (const [database, said] of cases) {
    env.DATABASE_URL = database;
    for (const args of [
      ['identities', 'list'],
      ['blobs', 'stats'],
      ['backup', 'a.backup', '--secrets', cwd, '--passphrase-file', 'pass'],
    ]) {
      const ran = await run(...args);
      expect(ran, args.join(' ')).toMatchObject({ code: 5, stdout: '' });
      expect(ran.stderr).toMatch(said);
      expect(ran.stderr).not.toContain('hidden');
    }
  }
});

test('a database that is away, or has no tables', async () => {
  const empty = await createDatabase(inject('postgresUrl'), `operate_${randomBytes(6).toString('hex')}`);
  for (const database of ['postgres://a@127.0.0.1:1/a', empty]) {
    env.DATABASE_URL = database;
    for (const args of [
      ['blobs', 'stats'],
      ['blobs', 'expire-now'],
      ['blobs', 'wipe', '--yes'],
    ]) {
      expect(await run(...args), args.join(' ')).toMatchObject({ code: 5, stdout: '' });
    }
  }
});

test('a role that may not delete is told so, and nothing is removed', async () => {
  await store(60);
  const role = `looker_${randomBytes(4).toString('hex')}`;
  await sql(
    `CREATE ROLE ${role} LOGIN PASSWORD 'looker'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`,
  );
  const own = new URL(url);
  own.username = role;
  own.password = 'looker';
  env.DATABASE_URL = own.href;
  expect(await run('blobs', 'stats')).toMatchObject({ code: 0 });
  const wiped = await run('blobs', 'wipe', '--yes');
  await sql(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  expect(wiped).toMatchObject({ code: 5, stdout: '' });
  expect(wiped.stderr).toContain('does not let this login do what it was asked');
  expect(await stored()).toBe(1);
});
