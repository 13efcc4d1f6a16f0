/** The hidden directories in which files wait until all of them are written. */
import { rmSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The name beside `name` under which the process `pid` writes. */
export function stagingName(name: string, pid: number): string {
  return `.${name}.partial-${pid}`;
}

/**
 * Removes what runs that were killed had written beside `name`; runs that still go are left alone.
 * @returns how many there were
 */
export async function removeLeftovers(parent: string, name: string): Promise<number> {
  const prefix = stagingName(name, 0).slice(0, -1);
  const dead = (await readdir(parent)).filter((entry) => {
    const pid = entry.startsWith(prefix) ? entry.slice(prefix.length) : '';
    return /^\d+$/.test(pid) && !runs(Number(pid));
  });
  for (const entry of dead) await rm(join(parent, entry), { recursive: true, force: true });
  return dead.length;
}

function runs(pid: number): boolean {
  // In a container the numbers repeat: one's own cannot be another's.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs `work`, and removes the directory when it fails or when a signal ends the process.
 * @throws whatever `work` throws; where the directory itself was refused, with the path of the folder around it
 */
export async function whileRemovable(directory: string, work: () => Promise<void>): Promise<void> {
  const remove = () => {
    try {
      rmSync(directory, { recursive: true, force: true });
    } catch {
      // In a folder that may not be entered nothing was made, and why `work` failed is what counts.
    }
  };
  const stop = (signal: NodeJS.Signals) => {
    remove();
    process.exit(SIGNALS[signal as keyof typeof SIGNALS]);
  };
  const signals = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
  for (const signal of signals) process.once(signal, stop);
  try {
    await work();
  } catch (error) {
    remove();
    throw withPathShown(error, directory);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/** A path that nobody gave and that is gone again says nothing: the folder is what may not be used. */
function withPathShown(error: unknown, directory: string): unknown {
  if (error instanceof Error && 'path' in error && error.path === directory) error.path = dirname(directory);
  return error;
}
