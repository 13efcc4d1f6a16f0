import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase } from '@relay/demo/postgres';
import { fingerprintOf, formatAllowlist, parseAllowlist } from '@relay/protocol';
import { migrate } from '@relay/server/migrate';
import { Client } from 'pg';
import { beforeEach, expect, inject, test } from 'vitest';
import { generateIdentities, seedAllowlist, withMemberStore } from '../../src/services/index.ts';
import { temporaryDirectory } from '../support/circle.ts';
import { relayAdmin } from '../support/cli.ts';

const SEED_FILE = 'allowed-keys-seed.json';

let url: string;
let cwd: string;

beforeEach(async () => {
  url = await createDatabase(inject('postgresUrl'), `admin_${nodeRandomBytes(6).toString('hex')}`);
  await migrate(url);
  cwd = await temporaryDirectory();
  await generateIdentities({ directory: join(cwd, 'circle'), labels: ['Ana', 'Bo', 'Cleo'] });
});

function identities(...args: string[]) {
  return relayAdmin(['identities', ...args], { cwd, env: { DATABASE_URL: url } });
}

async function sql(text: string, values: unknown[] = []) {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client.query(text, values).finally(() => client.end());
}

async function seedFile(): Promise<string> {
  return readFile(join(cwd, 'circle', SEED_FILE), 'utf8');
}

/** Writes a seed file of the same circle without its first key, and puts one blob into that key's mailbox. */
async function dropFirst(): Promise<void> {
  const { circleId, keyHashes } = parseAllowlist(await seedFile());
  const [first, ...rest] = keyHashes;
  await writeFile(join(cwd, 'fewer.json'), formatAllowlist({ circleId, keyHashes: rest }));
  await sql(
    `INSERT INTO blob (id, mailbox, expiry_hour, read_hash, delete_hash, body) VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      Buffer.alloc(16, 1),
      first,
      Math.floor(Date.now() / 3_600_000) + 60,
      Buffer.alloc(32),
      Buffer.alloc(32),
      Buffer.alloc(65_536),
    ],
  );
}

test('seeding twice: added, then unchanged, whether from a file or standard input', async () => {
  const first = await identities('seed', `circle/${SEED_FILE}`, '--json');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(first.stdout)).toMatchObject({ added: 3, unchanged: 0, removed: [], extra: [] });
  const before = (await sql('SELECT * FROM member ORDER BY key_hash')).rows;
  const again = await relayAdmin(['identities', 'seed', '-', '--database-url', url], {
    cwd,
    stdin: await seedFile(),
  });
  expect(again.stdout).toMatch(/: 0 added, 3 unchanged\.\n$/);
  expect((await sql('SELECT * FROM member ORDER BY key_hash')).rows).toEqual(before);
});

test('list shows fingerprints and mailboxes, sorted, and no names', async () => {
  expect((await identities('list')).stdout).toContain('serves nobody yet');
  await identities('seed', `circle/${SEED_FILE}`);
  await dropFirst();
  const { stdout } = await identities('list', '--json');
  const { members } = JSON.parse(stdout);
  expect(members.map(({ blobs }: { blobs: number }) => blobs)).toEqual([1, 0, 0]);
  const text = await identities('list');
  expect(text.stdout).toContain('The relay serves 3 members.');
  expect(text.stdout).not.toMatch(/Ana|Bo|Cleo/);
});

test('members that the file lacks are named; --prune --yes removes them with their mailboxes', async () => {
  await identities('seed', `circle/${SEED_FILE}`);
  await dropFirst();
  const kept = await identities('seed', 'fewer.json');
  expect(kept.stdout).toContain('1 member of the server is not in the file');
  const refused = await identities('seed', 'fewer.json', '--prune');
  expect(refused).toMatchObject({ code: 4, stdout: '' });
  expect((await sql('SELECT FROM member')).rowCount).toBe(3);

  const pruned = await identities('seed', 'fewer.json', '--prune', '--yes', '--json');
  expect(JSON.parse(pruned.stdout)).toMatchObject({ unchanged: 2, removed: [{ blobs: 1 }], extra: [] });
  expect((await sql('SELECT FROM member')).rowCount).toBe(2);
  expect((await sql('SELECT FROM blob')).rowCount).toBe(0);
});

test('the file of another circle is refused before anything is removed', async () => {
  await identities('seed', `circle/${SEED_FILE}`);
  await generateIdentities({ directory: join(cwd, 'other'), labels: ['Dan', 'Eve'] });
  const result = await identities('seed', `other/${SEED_FILE}`, '--prune', '--yes', '--json');
  expect(result.code).toBe(4);
  expect(JSON.parse(result.stdout)).toMatchObject({
    error: {
      code: 'circle_mismatch',
      message: expect.stringMatching(/Take the file that belongs to it\. Nothing was changed\.$/),
    },
  });
  expect((await sql('SELECT FROM member')).rowCount).toBe(3);
});

test('a key is revoked with its mailbox, and restored from the allowlist', { timeout: 180_000 }, async () => {
  await identities('seed', `circle/${SEED_FILE}`);
  await dropFirst();
  const [key] = parseAllowlist(await seedFile()).keyHashes;
  const groups = fingerprintOf(key ?? new Uint8Array()).split(' ');
  const few = groups.slice(0, 4);
  expect(await identities('revoke', ...few, '--json')).toMatchObject({ code: 4 });
  expect((await sql('SELECT FROM member')).rowCount).toBe(3);
  const revoked = await identities('revoke', ...few, '--yes', '--json');
  expect(JSON.parse(revoked.stdout)).toEqual({ fingerprint: groups.join(' '), blobs: 1 });
  expect((await sql('SELECT FROM member')).rowCount).toBe(2);
  expect((await sql('SELECT FROM blob')).rowCount).toBe(0);
  expect(await identities('revoke', ...few, '--yes')).toMatchObject({ code: 2, stdout: '' });

  const restore = () => identities('restore', few.join(''), '--allowlist', `circle/${SEED_FILE}`, '--json');
  expect(JSON.parse((await restore()).stdout)).toMatchObject({ restored: true });
  expect(JSON.parse((await restore()).stdout)).toMatchObject({ restored: false });
  expect((await sql('SELECT FROM member WHERE key_hash = $1', [key])).rowCount).toBe(1);
  const away = await relayAdmin(['identities', 'revoke', ...few, '--yes', '--json'], {
    cwd,
    env: { DATABASE_URL: 'postgres://a@127.0.0.1:1/a' },
  });
  expect(away.code).toBe(5);
});

test('several that seed at once agree', async () => {
  const text = await seedFile();
  const results = await Promise.all(
    [1, 2, 3].map(() => withMemberStore(url, (store) => seedAllowlist(store, { text }))),
  );
  expect(results.reduce((sum, { added }) => sum + added, 0)).toBe(3);
  expect((await sql('SELECT FROM member')).rowCount).toBe(3);
});

test('a roster update replaces the one before', async () => {
  for (const byte of [1, 2]) {
    await writeFile(join(cwd, 'update.bin'), Buffer.alloc(131_072, byte));
    const result = await relayAdmin(['roster', 'publish', 'update.bin'], { cwd, env: { DATABASE_URL: url } });
    expect(result).toMatchObject({ code: 0, stderr: '' });
  }
  const { rows } = await sql('SELECT body FROM roster_update');
  expect(rows).toEqual([{ body: Buffer.alloc(131_072, 2) }]);
});

test('the database from a file, as containers have it', async () => {
  await writeFile(join(cwd, 'database-url'), `${url}\n`);
  const list = (env: Record<string, string>) =>
    relayAdmin(['identities', 'list', '--json'], { cwd, env: { DATABASE_URL: '', ...env } });
  expect(await list({ DATABASE_URL_FILE: 'database-url' })).toMatchObject({ code: 0, stderr: '' });
  const missing = await list({ DATABASE_URL_FILE: 'nowhere' });
  expect(missing.code).toBe(2);
  expect(JSON.parse(missing.stdout)).toMatchObject({
    error: { code: 'database_url', message: 'DATABASE_URL_FILE: the file cannot be read (ENOENT).' },
  });
});

test('a database without tables, and one that is not there', async () => {
  const empty = await createDatabase(inject('postgresUrl'), `admin_${nodeRandomBytes(6).toString('hex')}`);
  const missing = url.replace(/\/[^/]*$/, '/nowhere');
  for (const database of [empty, missing]) {
    const result = await relayAdmin(['identities', 'list', '--json'], {
      cwd,
      env: { DATABASE_URL: database },
    });
    expect(result.code).toBe(5);
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: 'unavailable' } });
  }
});
