import { join } from 'node:path';
import { findPostmaster, stopPostmaster } from './postgres/postmaster.ts';
import { endProcess, readRun, removeRun, runningPid } from './run-record.ts';
import type { Files } from './settings.ts';

/** It ends its parts one after the other, each with patience. */
const MAIN_PATIENCE_MS = 60_000;
const CHILD_PATIENCE_MS = 10_000;

/** What {@link stopDemo} found and ended. */
export interface Stopped {
  /** A demonstration ran, and has ended. */
  wasRunning: boolean;
  /** Names of what an earlier one, killed before it could clean up, had left running. */
  leftovers: string[];
}

/** Ends the running demonstration and whatever a killed one left behind; resolves when no process of theirs is left. */
export async function stopDemo(files: Files): Promise<Stopped> {
  const main = runningPid(readRun(files.run)?.main ?? '');
  if (main !== undefined) await endProcess(main, MAIN_PATIENCE_MS);
  return { wasRunning: main !== undefined, leftovers: await endLeftovers(files) };
}

/**
 * Ends what a demonstration that no longer runs had left behind.
 * @returns their names
 */
export async function endLeftovers(files: Files): Promise<string[]> {
  const ended: string[] = [];
  for (const { name, process } of readRun(files.run)?.children.toReversed() ?? []) {
    const pid = runningPid(process);
    if (pid === undefined) continue;
    await endProcess(pid, CHILD_PATIENCE_MS);
    ended.push(name);
  }
  const postmaster = findPostmaster(join(files.postgres, 'data'));
  if (postmaster !== undefined) {
    await stopPostmaster(postmaster.pid);
    ended.push('postgres');
  }
  removeRun(files.run);
  return ended;
}
