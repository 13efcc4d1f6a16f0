import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Account } from './account.ts';
import { canReach, isRoot, unprivilegedAccount } from './account.ts';
import { PostgresError } from './errors.ts';

/** Files in a data folder, beside the cluster that PostgreSQL itself keeps in `data`. */
export function layout(dataDir: string) {
  return {
    cluster: join(dataDir, 'data'),
    password: join(dataDir, 'password'),
    log: join(dataDir, 'server.log'),
    owner: join(dataDir, 'owner'),
  };
}

/** The environment of PostgreSQL's programs: nothing of the caller's, so nothing of it can change their behaviour. */
export const CLEAN_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Names the data folder for a checkout: inside it, or, for a root process whose checkout an unprivileged account cannot
 * enter, in a place that everyone can.
 *
 * @param root - absolute path of the checkout
 * @param name - what the data is for, a plain word
 */
export function dataDirFor(root: string, name: string): string {
  const inside = join(root, '.demo', name);
  if (!isRoot() || canReach(unprivilegedAccount(), inside)) return inside;
  const mark = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return join('/var/tmp', `relay-data-${mark}-${name}`);
}

/**
 * Makes the data folder, or checks that the one there belongs to the server's account.
 *
 * @param account - whom to give it to; undefined where the server runs as the caller
 * @throws PostgresError `unreachable_folder` or `unsafe_folder`
 */
export function prepareFolder(dataDir: string, account: Account | undefined): void {
  if (account && !canReach(account, dataDir)) {
    throw new PostgresError(
      'unreachable_folder',
      `User ${account.name}, as whom PostgreSQL must run here, cannot enter ${dataDir}; use a folder below /var/tmp.`,
    );
  }
  // What leads there must let the account through; only the folder itself is closed.
  mkdirSync(dirname(dataDir), { recursive: true });
  if (!existsSync(dataDir)) mkdirSync(dataDir, { mode: 0o700 });
  const found = lstatSync(dataDir);
  const mine = found.isDirectory() && found.uid === process.getuid?.();
  if (account && mine && readdirSync(dataDir).length === 0) {
    chownSync(dataDir, account.uid, account.gid);
  } else if (!found.isDirectory() || found.uid !== (account?.uid ?? process.getuid?.())) {
    throw new PostgresError(
      'unsafe_folder',
      `${dataDir} belongs to another user; remove it or use another folder.`,
    );
  }
}

/** Writes a file that only its owner reads, replacing whatever lay there without following a link. */
export function writePrivate(path: string, text: string, account: Account | undefined): void {
  rmSync(path, { force: true });
  writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  if (account) chownSync(path, account.uid, account.gid);
}

/**
 * Makes the cluster (UTF-8, C locale, data checksums, SCRAM for everyone) unless it is there.
 *
 * @returns the password of the superuser `postgres`
 * @throws PostgresError `init_failed` with initdb's last words
 */
export function prepareCluster(
  dataDir: string,
  binaries: string,
  account: Account | undefined,
  durable: boolean,
): string {
  const files = layout(dataDir);
  if (existsSync(files.cluster)) return readFileSync(files.password, 'utf8');

  const password = randomBytes(24).toString('base64url');
  writePrivate(files.password, password, account);
  const unfinished = `${files.cluster}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const result = spawnSync(
    join(binaries, 'bin', 'initdb'),
    [
      `--pgdata=${unfinished}`,
      '--username=postgres',
      `--pwfile=${files.password}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--data-checksums',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ],
    {
      cwd: dataDir,
      env: CLEAN_ENVIRONMENT,
      encoding: 'utf8',
      ...(account && { uid: account.uid, gid: account.gid }),
    },
  );
  if (result.status !== 0) {
    const words = (result.stderr ?? result.error?.message ?? '').trim().split('\n').slice(-3).join(' ');
    throw new PostgresError('init_failed', `PostgreSQL could not make its data folder ${dataDir}: ${words}`);
  }
  renameSync(unfinished, files.cluster);
  return password;
}
