import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, isAlive, signal, waitForEnd } from './process.ts';

/** What a running server says of itself in `postmaster.pid`. */
export interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

const FAST_SHUTDOWN_MS = 15_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;

/**
 * Reads `postmaster.pid` of a cluster.
 *
 * @returns undefined when no server runs there, including when a crashed one left its file behind
 */
export function findPostmaster(cluster: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  // After a reboot the number may belong to anyone; only a server of this very cluster counts.
  if (!(pid > 1) || !isAlive(pid) || !commandLine(pid).includes(cluster)) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** Ends a server by fast shutdown; one that does not answer is ended harder. Resolves when its process is gone. */
export async function stopPostmaster(pid: number): Promise<void> {
  signal(pid, 'SIGINT');
  if (await waitForEnd(pid, FAST_SHUTDOWN_MS)) return;
  signal(pid, 'SIGQUIT');
  if (await waitForEnd(pid, IMMEDIATE_SHUTDOWN_MS)) return;
  signal(pid, 'SIGKILL');
  await waitForEnd(pid, IMMEDIATE_SHUTDOWN_MS);
}
