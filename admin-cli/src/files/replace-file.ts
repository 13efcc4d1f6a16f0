/** Putting a new file in the place of an old one, in one step. */
import { realpath, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { flushDirectory, writeNewFile } from './new-directory.ts';
import { removeLeftovers, stagingName, whileRemovable } from './staging.ts';

/**
 * Replaces a file (mode 0600 afterwards). The new one is written beside it and flushed to disk first, so that at every moment
 * one of the two is there, whole. A link stays one.
 * @returns how many interrupted earlier runs were cleared away
 * @throws the system's own errors, which `faults.ts` knows; the old file is then as it was
 */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<number> {
  const place = await realpath(path);
  const [parent, name] = [dirname(place), basename(place)];
  const leftovers = await removeLeftovers(parent, name);
  const staging = join(parent, stagingName(name, process.pid));
  await whileRemovable(staging, async () => {
    await writeNewFile(staging, bytes);
    await rename(staging, place);
    await flushDirectory(parent);
  });
  return leftovers;
}
