import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase } from '@relay/demo/postgres';
import { makeStreamKeyPair } from '@relay/protocol';
import { migrate } from '@relay/server/migrate';
import { Client } from 'pg';
import { expect, inject, test } from 'vitest';
import { temporaryDirectory } from '../support/circle.ts';
import { relayAdmin } from '../support/cli.ts';

test('backup and restore at a terminal: under a passphrase, for a key, and no secret in what is said', async () => {
  const folder = await temporaryDirectory();
  const url = await createDatabase(inject('postgresUrl'), `backup_${randomBytes(6).toString('hex')}`);
  await migrate(url);
  const client = new Client({ connectionString: url });
  await client.connect();
  for (let i = 0; i < 2; i++)
    await client.query('INSERT INTO member (key_hash) VALUES ($1)', [randomBytes(32)]);
  await client.end();
  await mkdir(join(folder, 'secrets/turn'), { recursive: true });
  await writeFile(join(folder, 'secrets/turn/secrets'), 'turn of then');
  await writeFile(join(folder, 'pass'), 'four words and one\n');
  const { identity, recipient } = await makeStreamKeyPair(false);
  await writeFile(join(folder, 'key.txt'), `# a remark\n${identity}\n`);
  const env = { DATABASE_URL: url, RELAY_SECRETS: join(folder, 'secrets') };
  const run = (...args: string[]) => relayAdmin(args, { cwd: folder, env });

  const made = await run('backup', 'a.backup', '--passphrase-file', 'pass');
  expect(made).toMatchObject({ code: 0, stderr: 'Opening it again 1/1\n' });
  expect(made.stdout).toContain('2 members, no stored blobs, 1 secret file, no settings');
  const again = await run('backup', 'a.backup', '--passphrase-file', 'pass');
  // Refused before the work, not after it.
  expect(again).toMatchObject({ code: 4, stdout: '', stderr: expect.stringMatching(/^Error: There is/) });
  const checked = await run('restore', 'a.backup', '--passphrase-file', 'pass', '--check', '--json');
  expect(checked.stderr).toBe('Reading the backup 1/1\n');
  expect(JSON.parse(checked.stdout)).toMatchObject({ members: 2, blobs: 0, settings: false });
  const sealed = await run('backup', '-r', recipient, 'b.backup', '-r', recipient, '--json');
  expect(JSON.parse(sealed.stdout)).toMatchObject({ members: 2, files: ['turn/secrets'] });
  const unseen = await run('backup', 'c.backup', '-r', recipient, '--secrets', 'nowhere');
  expect(unseen).toMatchObject({ code: 3, stdout: '' });
  expect(unseen.stderr).toMatch(/^Error: There is no folder nowhere to take secrets from/);
  const refused = await run('restore', 'b.backup', '--identity', 'key.txt');
  expect(refused).toMatchObject({ code: 4, stdout: '' });
  expect(refused.stderr).toContain('Somebody is in this relay already');
  const noKey = await run('restore', 'b.backup', '--identity', 'pass');
  expect(noKey).toMatchObject({ code: 3, stdout: '' });
  for (const { stdout, stderr } of [made, again, checked, sealed, refused, noKey]) {
    expect(stdout + stderr).not.toMatch(/turn of then|four words|postgres:\/\/|AGE-SECRET-KEY-1/);
  }
});
