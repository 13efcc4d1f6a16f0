/** How a worker, which nobody can ask, shows that it does its work: a file says until when it counts as healthy. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/** How long a sweep may take, in milliseconds. */
const GRACE_MS = 120_000;

/**
 * Notes that a sweep went well. The worker counts as healthy until the one after the next should have ended: one that fails may
 * be made up for.
 * @param path of the file, which is replaced in one step
 * @param nextRuns when sweeps are due
 * @throws the system's error
 */
export async function noteHealth(path: string, nextRuns: readonly Date[]): Promise<void> {
  const last = nextRuns.at(-1)?.getTime() ?? Date.now();
  await writeFile(`${path}.new`, `${last + GRACE_MS}\n`);
  await rename(`${path}.new`, path);
}

/** Removes the file: nothing has gone well yet. */
export async function forgetHealth(path: string): Promise<void> {
  await rm(path, { force: true });
}

/**
 * Whether the worker does its work.
 * @param now milliseconds from the Unix epoch
 * @returns what is wrong; undefined when nothing is
 */
export async function checkWorker(path: string, now: number): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return 'no sweep has gone well since the start';
  return Number(text) > now ? undefined : 'sweeps have failed or stopped; see the log';
}
