import { stat } from 'node:fs/promises';
import { STDIN } from './read-file.ts';

/** Bits of a mode that let others than the owner in. */
const OTHERS = 0o077;

/**
 * A sentence about a secret file that others of the machine may use; undefined where only its owner may.
 * @param path of a file; `-` is standard input, about which there is nothing to say
 */
export async function looseMode(path: string): Promise<string | undefined> {
  // Windows keeps no such bits.
  if (path === STDIN || process.platform === 'win32') return undefined;
  const mode = (await stat(path)).mode & 0o777;
  if ((mode & OTHERS) === 0) return undefined;
  return `Others of this machine may use ${path} (mode ${mode.toString(8)}): chmod 600 it.`;
}

/** {@link looseMode} of several files, without those that are well. */
export async function looseModes(paths: readonly string[]): Promise<string[]> {
  const all = await Promise.all(paths.map(looseMode));
  return all.filter((warning) => warning !== undefined);
}
