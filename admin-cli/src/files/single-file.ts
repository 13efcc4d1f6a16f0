import { link, lstat, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RelayError } from '@relay/protocol/wire';
import { flushDirectory, writeNewFile } from './new-directory.ts';
import { removeLeftovers, stagingName, whileRemovable } from './staging.ts';

/**
 * Makes sure that nothing is at a place yet, before long work is done for it.
 * @throws RelayError `file_exists`
 */
export async function requireNoFile(path: string): Promise<void> {
  const place = resolve(path);
  const isThere = await lstat(place).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  if (isThere) throw occupied(place);
}

/**
 * Whether a file holds exactly these bytes already, as after a run that was cut short. What such a run left beside it is removed.
 * @throws RelayError `file_exists` where something else is there; the system's own errors
 */
export async function holdsAlready(path: string, bytes: Uint8Array): Promise<boolean> {
  const place = resolve(path);
  const found = await lstat(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return false;
  const isSame = found.isFile() && found.size === bytes.length && (await readFile(place)).equals(bytes);
  if (!isSame) throw occupied(place);
  await removeLeftovers(dirname(place), basename(place));
  return true;
}

function occupied(place: string): RelayError {
  return new RelayError(
    'file_exists',
    `There is something at ${place} already, and nothing is overwritten. Name another file.`,
  );
}

/**
 * Writes a file that is not there yet (mode 0600). It appears whole or not at all.
 * @param bytes all of it, or a stream
 * @param check looks at what was written before it appears; where it throws, nothing does
 * @returns its full path
 * @throws RelayError `file_exists`; the system's own errors, which `faults.ts` knows; whatever the stream or `check` throws
 */
export async function writeSingleFile(
  path: string,
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  check: (written: string) => Promise<void> = async () => {},
): Promise<string> {
  const place = resolve(path);
  const [parent, name] = [dirname(place), basename(place)];
  await removeLeftovers(parent, name);
  const staging = join(parent, stagingName(name, process.pid));
  await whileRemovable(staging, async () => {
    await writeNewFile(staging, bytes);
    await check(staging);
    // Unlike a renaming, this refuses what is there.
    await link(staging, place).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? occupied(place) : error;
    });
    await rm(staging);
    await flushDirectory(parent);
  });
  return place;
}
