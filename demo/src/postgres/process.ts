import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

function ps(pid: number, column: string): string | undefined {
  return (
    spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || undefined
  );
}

function proc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** Whether a process exists that can still do something (a zombie cannot). */
export function isAlive(pid: number): boolean {
  if (process.platform === 'linux') return /\) [^ZX] /.test(proc(pid, 'stat') ?? '');
  return !(ps(pid, 'stat') ?? 'Z').startsWith('Z');
}

/**
 * Names a running process in a way that outlives the reuse of its number.
 *
 * @returns its number and the time it started, or undefined when there is no such process
 */
export function processIdentity(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  const started =
    process.platform === 'linux' ? proc(pid, 'stat')?.split(') ')[1]?.split(' ')[19] : ps(pid, 'lstart');
  return started && `${pid} ${started}`;
}

/** The command line of a running process, its arguments separated by spaces; empty when there is none. */
export function commandLine(pid: number): string {
  if (process.platform === 'linux') return (proc(pid, 'cmdline') ?? '').replaceAll('\0', ' ');
  return ps(pid, 'command') ?? '';
}

/** Waits until a process is gone, at most `milliseconds`; resolves to whether it is. */
export async function waitForEnd(pid: number, milliseconds: number): Promise<boolean> {
  for (let waited = 0; waited < milliseconds; waited += 10) {
    if (!isAlive(pid)) return true;
    await sleep(10);
  }
  return !isAlive(pid);
}

/** Sends a signal; a process that is already gone is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
