/** `backup` on disks that are really full, read-only or somebody else's; see also ../full-disk.test.ts. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase } from '@relay/demo/postgres';
import { makeStreamKeyPair } from '@relay/protocol';
import { migrate } from '@relay/server/migrate';
import { createSecrets, readSecrets } from '@relay/server/turn';
import { Client } from 'pg';
import { expect, inject } from 'vitest';
import { checkBackup } from '../../src/services/restore-backup.ts';
import { describeDiskFaults } from '../support/disk-faults.ts';

const HOUR = Math.floor(Date.now() / 3_600_000);
const BLOBS = 3;

async function filledDatabase(): Promise<string> {
  const url = await createDatabase(inject('postgresUrl'), `backup_${randomBytes(6).toString('hex')}`);
  await migrate(url);
  const client = new Client({ connectionString: url });
  await client.connect();
  const member = randomBytes(32);
  await client.query('INSERT INTO member (key_hash) VALUES ($1)', [member]);
  for (let i = 0; i < BLOBS; i++) {
    await client.query(
      'INSERT INTO blob (id, mailbox, expiry_hour, read_hash, delete_hash, body) VALUES ($1, $2, $3, $4, $4, $5)',
      [randomBytes(16), member, HOUR + 60, randomBytes(32), randomBytes(65_536)],
    );
  }
  await client.end();
  return url;
}

const { identity, recipient } = await makeStreamKeyPair(false);
const url = await filledDatabase();

describeDiskFaults('backup', {
  args: ['backup', 'out/relay.backup', '--recipient', recipient, '--include-blobs', '--settings', 'settings'],
  env: { DATABASE_URL: url, RELAY_SECRETS: 'secrets' },
  async prepare(folder) {
    await mkdir(join(folder, 'out'), { mode: 0o700 });
    await mkdir(join(folder, 'secrets/turn'), { recursive: true, mode: 0o700 });
    await createSecrets(join(folder, 'secrets/turn/secrets'));
    await writeFile(join(folder, 'settings'), 'RELAY_DOMAIN=relay.example.org\n', { mode: 0o600 });
  },
  writesIn: 'out',
  reads: ['settings', 'secrets/turn/secrets'],
  codes: { full: 'disk_full', denied: 'file_denied' },
  async secrets(folder) {
    const turn = await readSecrets(join(folder, 'secrets/turn/secrets'));
    return [url, ...turn.map(({ secret }) => secret)];
  },
  async ended(folder) {
    const { manifest } = await checkBackup(join(folder, 'out/relay.backup'), { identities: [identity] });
    expect(manifest).toMatchObject({ members: 1, blobs: BLOBS, files: ['turn/secrets'], settings: true });
  },
});
