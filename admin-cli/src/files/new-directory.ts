/** Writing secret files so that either all of them are there or none. */
import { mkdir, open, readdir, realpath, rename, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RelayError } from '@relay/protocol/wire';
import { removeLeftovers, stagingName, whileRemovable } from './staging.ts';

/** A file to be made. */
export interface NewFile {
  name: string;
  bytes: Uint8Array;
}

/**
 * The full path of a directory that files can go to: one that is not there, or that is empty.
 * @throws RelayError `file_exists` when anything is there
 */
export async function requireNewDirectory(directory: string): Promise<string> {
  const path = await realpath(directory).catch(() => resolve(directory));
  const found = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') throw occupied(path);
    throw error;
  });
  if (found.length > 0) throw occupied(path);
  return path;
}

/**
 * Makes a directory (mode 0700) with the given files (mode 0600). They are written beside it, flushed to disk, and appear
 * under their place in one step, so that a run that is cut short leaves nothing there.
 * @returns the full path, and how many interrupted earlier runs were cleared away
 * @throws RelayError `file_exists` when anything is at the place
 */
export async function writeNewDirectory(
  directory: string,
  files: Iterable<NewFile> | AsyncIterable<NewFile>,
): Promise<{ directory: string; leftovers: number }> {
  const path = await requireNewDirectory(directory);
  const parent = dirname(path);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const leftovers = await removeLeftovers(parent, basename(path));
  const staging = join(parent, stagingName(basename(path), process.pid));
  await whileRemovable(staging, async () => {
    await mkdir(staging, { mode: 0o700 });
    for await (const file of files) await writeNewFile(join(staging, file.name), file.bytes);
    await flushDirectory(staging);
    await takePlace(staging, path);
    await flushDirectory(parent);
  });
  return { directory: path, leftovers };
}

/** Writes a file that is not there yet (mode 0600) and flushes it to disk; a stream at its own pace. */
export async function writeNewFile(
  path: string,
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Flushes the names in a directory to disk. */
export async function flushDirectory(directory: string): Promise<void> {
  // Windows opens no directories, and needs no flush of them.
  if (process.platform === 'win32') return;
  const handle = await open(directory);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function takePlace(staging: string, path: string): Promise<void> {
  try {
    await rmdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(staging, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') throw occupied(path);
    throw error;
  }
}

function occupied(path: string): RelayError {
  return new RelayError(
    'file_exists',
    `There is something at ${path} already, and nothing is overwritten. Choose another directory.`,
  );
}
