import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { PostgresError } from './errors.ts';

/** The system account a server runs as. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

const UNPRIVILEGED = ['postgres', 'nobody'];

/** Whether this process is root, as which PostgreSQL refuses to run. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Finds the existing unprivileged account that a root process gives its server to.
 *
 * @param wanted - a user name; without it the first of `postgres` and `nobody` that exists
 * @param passwd - text in the form of `/etc/passwd`
 * @throws PostgresError `no_account` when there is none, or the wanted one is root
 */
export function unprivilegedAccount(wanted?: string, passwd = readFileSync('/etc/passwd', 'utf8')): Account {
  const accounts = passwd.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && Number(uid) > 0 ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
  for (const name of wanted === undefined ? UNPRIVILEGED : [wanted]) {
    const found = accounts.find((account) => account.name === name);
    if (found) return found;
  }
  const names = wanted ?? UNPRIVILEGED.join(' or ');
  throw new PostgresError(
    'no_account',
    `PostgreSQL will not run as root, and there is no user ${names} to run it as.`,
  );
}

/** Whether an account may enter every folder that leads to `path`; `path` itself need not exist. */
export function canReach(account: Account, path: string): boolean {
  const parent = dirname(path);
  if (parent === path) return true;
  return canEnter(account, parent) && canReach(account, parent);
}

function canEnter(account: Account, folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) return true;
  if (found.uid === account.uid) return (found.mode & 0o100) !== 0;
  if (found.gid === account.gid) return (found.mode & 0o010) !== 0;
  return (found.mode & 0o001) !== 0;
}
