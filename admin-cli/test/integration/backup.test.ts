import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StreamKeyPair } from '@relay/protocol';
import { isRelayError, makeStreamKeyPair, sealStream } from '@relay/protocol';
import { openBackup } from '@relay/server/backup';
import { migrate } from '@relay/server/migrate';
import { beforeEach, describe, expect, inject, test } from 'vitest';
import { makeBackup } from '../../src/services/make-backup.ts';
import type { RestoreRequest } from '../../src/services/restore-backup.ts';
import { checkBackup } from '../../src/services/restore-backup.ts';
import { BackupBench, owners, SETTINGS } from '../support/backup-bench.ts';
import { fillRelay, HOUR, newDatabase, sql } from '../support/relay-database.ts';

const PASSPHRASE = 'four words and one';

let bench: BackupBench;
let folder: string;
let key: StreamKeyPair;
let from: string;
let to: string;

/** Everything that a backup takes of a database, in an order of its own. */
async function contents(url: string): Promise<unknown> {
  const read = async (table: string, order: string) =>
    (await sql(url, `SELECT * FROM ${table} ORDER BY ${order}`)).rows;
  return {
    circle: await read('circle', '1'),
    members: await read('member', 'key_hash'),
    blobs: await read('blob', 'id'),
    updates: await read('roster_update', '1'),
  };
}

async function isEmpty(url: string): Promise<boolean> {
  return (await sql(url, 'SELECT FROM member')).rowCount === 0;
}

beforeEach(async () => {
  bench = await BackupBench.open();
  ({ folder, key, from, to } = bench);
});

const file = () => bench.file;
const make: BackupBench['make'] = (options) => bench.make(options);
const restore: BackupBench['restore'] = (options) => bench.restore(options);

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
const turnNow = () => bench.turnNow();

describe('a backup', () => {
  test('brings back members, blobs that are alive, secrets and settings', async () => {
    const made = await make({ includeBlobs: true });
    expect(made.manifest).toMatchObject({ members: 2, blobs: 2, settings: true });
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    const told: string[] = [];
    const onProgress: RestoreRequest['onProgress'] = (...said) => told.push(said.join(' '));
    const restored = await restore({ settingsTo: join(folder, 'restored.env'), onProgress });
    // Two blobs and what is around them.
    expect(told.filter((one) => one.startsWith('check'))).toEqual([
      'check 1 3',
      'check 2 3',
      'check 2 3',
      'check 3 3',
    ]);
    expect(told.at(-1)).toBe('blobs 2 2');
    expect(restored).toMatchObject({ again: false, skipped: [] });
    const before = (await contents(from)) as { blobs: { expiry_hour: number }[] };
    before.blobs = before.blobs.filter(({ expiry_hour }) => expiry_hour > HOUR);
    expect(await contents(to)).toEqual(before);
    expect(await turnNow()).toBe('turn of then');
    const onion = 'tor/relay/hs_ed25519_secret_key';
    expect(await readFile(join(folder, 'secrets-to', onion))).toEqual(
      await readFile(join(folder, 'secrets-from', onion)),
    );
    expect(await readFile(join(folder, 'restored.env'), 'utf8')).toBe(SETTINGS);
  });

  test('leaves blobs out unless they are asked for', async () => {
    expect((await make()).manifest.blobs).toBe(0);
    await restore();
    expect((await sql(to, 'SELECT FROM blob')).rowCount).toBe(0);
    expect(await isEmpty(to)).toBe(false);
  });

  test('is opened by whoever has one of the keys, and by nobody else', async () => {
    const [mine, other] = [key, await makeStreamKeyPair(false)];
    await make();
    expect(await codeOf(checkBackup(file(), { identities: [other.identity] }))).toBe('backup_key');
    expect((await checkBackup(file(), { identities: [mine.identity] })).manifest.members).toBe(2);
    expect(await codeOf(makeBackup({ ...(await wrong()), lock: { recipients: ['age1nobody'] } }))).toBe(
      'recipient_invalid',
    );
  });

  test('withstands quantum computers for keys that do', async () => {
    const hybrid = await makeStreamKeyPair(true);
    await make({ recipients: [hybrid.recipient] });
    expect((await checkBackup(file(), { identities: [hybrid.identity] })).manifest.members).toBe(2);
  });

  test('overwrites nothing, and leaves nothing where it fails', async () => {
    await make();
    const before = await readFile(file());
    expect(await codeOf(make())).toBe('file_exists');
    expect(await readFile(file())).toEqual(before);
    const away = {
      ...(await wrong()),
      file: join(folder, 'second'),
      databaseUrl: 'postgres://a@127.0.0.1:1/a',
    };
    expect(await codeOf(makeBackup(away))).toBe('unavailable');
    expect((await readdir(folder)).filter((name) => name.includes('second'))).toEqual([]);
  });

  test('brings an older relay up to date', async () => {
    const old = await newDatabase(false);
    await migrate(old);
    await sql(old, 'DROP TABLE token_draw, spent_token, issuer_key');
    await sql(
      old,
      'DELETE FROM _prisma_migrations WHERE migration_name <> (SELECT min(migration_name) FROM _prisma_migrations)',
    );
    await fillRelay(old);
    bench.from = old;
    await make({ includeBlobs: true });
    await restore();
    expect((await sql(to, 'SELECT FROM member')).rowCount).toBe(2);
    expect((await sql(to, 'SELECT FROM issuer_key')).rowCount).toBe(1);
  });

  /** A request for a second backup. */
  async function wrong() {
    return {
      file: file(),
      databaseUrl: from,
      secrets: join(folder, 'secrets-from'),
      settings: undefined,
      includeBlobs: false,
      lock: { recipients: [key.recipient] },
    };
  }
});

test('no backup is made of a newer relay', async () => {
  await sql(
    from,
    "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ('x', 'y', '9999_later', now(), 1)",
  );
  expect(await codeOf(make())).toMatch(/9999_later/);
});

describe('a restore changes nothing', () => {
  test('under another key, or a passphrase where there is none', async () => {
    await make();
    const { identity } = await makeStreamKeyPair(false);
    expect(await codeOf(restore({ key: { identities: [identity] } }))).toBe('backup_key');
    expect(await codeOf(restore({ key: { passphrase: PASSPHRASE } }))).toBe('backup_key');
    expect(await isEmpty(to)).toBe(true);
  });

  test('of a file that was cut off or changed anywhere', async () => {
    await make({ includeBlobs: true });
    const whole = await readFile(file());
    for (const at of [0.3, 0.6, 0.999]) {
      const changed = Buffer.from(whole);
      const place = Math.floor(whole.length * at);
      changed[place] = (changed[place] ?? 0) ^ 1;
      await writeFile(file(), changed);
      expect(await codeOf(restore())).toBe('backup_damaged');
    }
    for (const at of [0.5, 0.99]) {
      await writeFile(file(), whole);
      await truncate(file(), Math.floor(whole.length * at));
      expect(await codeOf(restore())).toBe('backup_damaged');
    }
    await writeFile(file(), 'something else');
    expect(await codeOf(restore())).toBe('backup_damaged');
    expect(await isEmpty(to)).toBe(true);
    expect(await turnNow()).toBe('turn of now');
  });

  test('where somebody is in the relay', async () => {
    await make();
    await sql(to, 'INSERT INTO member (key_hash) VALUES ($1)', [randomBytes(32)]);
    expect(await codeOf(restore())).toBe('relay_not_empty');
    expect((await sql(to, 'SELECT FROM member')).rowCount).toBe(1);
    expect(await turnNow()).toBe('turn of now');
  });

  test('of a newer relay', async () => {
    await make();
    await rm(file());
    const source = { databaseUrl: from, secrets: join(folder, 'secrets-from'), now: HOUR * 3_600_000 };
    const backup = await openBackup({ ...source, settings: undefined, includeBlobs: true });
    // What it is migrated to is written as it is read.
    backup.manifest.migrations.push({ name: '9999_later', checksum: 'y' });
    const sealed = await sealStream(ReadableStream.from(backup.archive), { recipients: [key.recipient] });
    await writeFile(file(), sealed);
    await backup.close();
    expect(await codeOf(checkBackup(file(), { identities: [key.identity] }))).toBe('backup_newer');
    expect(await codeOf(restore())).toBe('backup_newer');
    expect(await isEmpty(to)).toBe(true);
    expect(await turnNow()).toBe('turn of now');
  });

  test('where secrets cannot be put in their places: rows and secrets are as before', async () => {
    await make();
    const failing = {
      ...owners,
      give: async () => {
        throw Object.assign(new Error('no'), { code: 'ENOSPC', path: 'x' });
      },
    };
    expect(await codeOf(restore({ owners: failing }))).toBe('ENOSPC');
    expect(await isEmpty(to)).toBe(true);
    expect(await turnNow()).toBe('turn of now');
    // The same again, with room.
    expect((await restore()).again).toBe(false);
    expect(await isEmpty(to)).toBe(false);
  });

  test('while the database is away', async () => {
    await make();
    const failed = restore({ databaseUrl: 'postgres://a:hidden@127.0.0.1:1/a' });
    await failed.catch((error: Error) => {
      expect(isRelayError(error, 'unavailable')).toBe(true);
      expect(error.message).not.toContain('hidden');
    });
    expect(await codeOf(failed)).toBe('unavailable');
  });
});

test('a restore that was killed anywhere is ended by running it again', async () => {
  await make({ includeBlobs: true });
  /** A connection that breaks when the rows are in, as that of a killed process does. */
  const killing = {
    ...owners,
    give: async () => {
      await sql(
        inject('postgresUrl'),
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
        [new URL(to).pathname.slice(1)],
      );
    },
  };
  expect(await codeOf(restore({ owners: killing }))).toBe('unavailable');
  expect(await isEmpty(to)).toBe(true);
  expect(await turnNow()).toBe('turn of now');
  expect((await restore()).again).toBe(false);
  expect((await restore()).again).toBe(true);
  expect((await sql(to, 'SELECT FROM blob')).rowCount).toBe(2);
});
