import { link, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RelayError } from '@relay/protocol/wire';
import { flushDirectory, writeNewFile } from './new-directory.ts';
import { removeLeftovers, stagingName, whileRemovable } from './staging.ts';

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
      if (error.code !== 'EEXIST') throw error;
      throw new RelayError(
        'file_exists',
        `There is something at ${place} already, and nothing is overwritten.`,
      );
    });
    await rm(staging);
    await flushDirectory(parent);
  });
  return place;
}
