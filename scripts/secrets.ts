import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Names under which members' identities, the circle's key and the allowlist's seed are written. */
const SECRET_NAMES = [/^identity.*\.bin$/, /^circle\.key$/, /^allowed-keys-seed\.json$/];

/** First bytes of such files, and of files that the age format wraps, under whatever name. */
const SECRET_BEGINNINGS = [
  'RELAYID1',
  'RELAYCK1',
  'age-encryption.org/v1',
  '-----BEGIN AGE ENCRYPTED FILE-----',
];

const LONGEST = Math.max(...SECRET_BEGINNINGS.map((text) => text.length));

function beginning(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(LONGEST);
    return bytes.toString('latin1', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Looks for files that must never be published.
 *
 * @param root - folder that the paths are relative to
 * @param paths - files to look at; those that do not exist any more are passed over
 * @returns a line for each find: the path and what betrayed it, never anything of its content
 */
export function findSecrets(root: string, paths: string[]): string[] {
  return paths.flatMap((path) => {
    const file = join(root, path);
    if (SECRET_NAMES.some((name) => name.test(basename(path))))
      return [`${path}: has the name of a secret file`];
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return [];
    const first = beginning(file);
    const found = SECRET_BEGINNINGS.some((text) => first.startsWith(text));
    return found ? [`${path}: begins as a secret file does`] : [];
  });
}

/** Paths of all files below a folder, relative to `root`; none when the folder does not exist. */
export function filesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
