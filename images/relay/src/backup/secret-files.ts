/** The secrets that a backup takes: those that somebody outside knows the public half of, or that calls depend on. */
import { mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Owners, Rights } from '../init/owned.ts';
import { mend, place, readSmallBytes } from '../init/owned.ts';

const TURN = { uid: 10_001, gid: 10_002 };
const TOR = { uid: 10_004, gid: 10_004 };

/** A file that is backed up, by its path below the root of the secrets. */
interface SecretFile {
  rights: Rights;
  /** Of the folder that it lies in, where that is made with it. */
  folder?: Rights;
}

/**
 * Every file, by path. Passwords of the database's roles are not among them: `init` makes new ones, and nobody outside ever knew them (decision 0018).
 */
const FILES: Readonly<Record<string, SecretFile>> = {
  'turn/secrets': { rights: { ...TURN, mode: 0o640 } },
  // The onion service's address is its key: members have it in their settings.
  'tor/relay/hs_ed25519_secret_key': { rights: { ...TOR, mode: 0o600 }, folder: { ...TOR, mode: 0o700 } },
  'tor/relay/hs_ed25519_public_key': { rights: { ...TOR, mode: 0o600 }, folder: { ...TOR, mode: 0o700 } },
  'tor/relay/hostname': { rights: { ...TOR, mode: 0o600 }, folder: { ...TOR, mode: 0o700 } },
};

/** Whether a backup may hold a secret file of that name. */
export function isSecretFile(name: string): boolean {
  return Object.hasOwn(FILES, name);
}

/** Reads the files that are there. @throws the system's error */
export async function readSecretFiles(root: string): Promise<{ name: string; bytes: Buffer }[]> {
  const found = await Promise.all(
    Object.keys(FILES).map(async (name) => ({ name, bytes: await readSmallBytes(join(root, name)) })),
  );
  return found.flatMap(({ name, bytes }) => (bytes === undefined ? [] : [{ name, bytes }]));
}

/**
 * Puts secret files in their places, each in one step.
 * @param root with a folder for each volume; files of volumes that are not mounted are passed over
 * @returns names that were passed over, and what puts everything back as it was
 * @throws the system's error; everything is as before then
 */
export async function placeSecretFiles(
  root: string,
  files: readonly { name: string; bytes: Uint8Array }[],
  owners: Owners,
): Promise<{ skipped: string[]; undo(): Promise<void> }> {
  const undoing: (() => Promise<void>)[] = [];
  const undo = async () => {
    for (const one of undoing.splice(0).reverse()) await one();
  };
  const skipped: string[] = [];
  try {
    for (const { name, bytes } of files) {
      const file = FILES[name];
      if (file === undefined) throw new TypeError('no secret file of a backup');
      const path = join(root, name);
      const [volume = ''] = name.split('/');
      if (!(await isFolder(join(root, volume)))) {
        skipped.push(name);
        continue;
      }
      if (file.folder !== undefined) {
        const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        if (made !== undefined) undoing.push(() => rmdir(made));
        await mend(dirname(path), file.folder, owners);
      }
      const before = await readSmallBytes(path);
      undoing.push(() =>
        before === undefined ? rm(path, { force: true }) : place(path, before, file.rights, owners),
      );
      await place(path, bytes, file.rights, owners);
    }
    return { skipped, undo };
  } catch (error) {
    await undo().catch(() => undefined);
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
