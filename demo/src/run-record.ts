/** The record of a running demonstration, by which others find it, and find what it left behind when it was killed. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { isAlive, processIdentity, signal, waitForEnd } from './postgres/process.ts';

const recordedProcess = z.object({
  name: z.string(),
  /** Number and start time as `processIdentity` gives them, so that a reused number is not taken for it. */
  process: z.string(),
});

const runRecord = z.object({
  /** The process that runs everything. */
  main: z.string(),
  /** Addresses to open, once it is ready. */
  pages: z.array(z.object({ label: z.string(), url: z.string() })),
  children: z.array(recordedProcess),
});

/** A child of a demonstration. */
export type RecordedProcess = z.infer<typeof recordedProcess>;

/** What is known of a running demonstration. */
export type RunRecord = z.infer<typeof runRecord>;

/** Reads the record; undefined when there is none, or none that can be read. */
export function readRun(file: string): RunRecord | undefined {
  try {
    return runRecord.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes the record in one step. */
export function writeRun(file: string, record: RunRecord): void {
  const fresh = `${file}.new`;
  writeFileSync(fresh, JSON.stringify(record), { mode: 0o600 });
  renameSync(fresh, file);
}

/** Removes the record; none is no error. */
export function removeRun(file: string): void {
  rmSync(file, { force: true });
}

/** The number of a recorded process while it runs, else undefined. */
export function runningPid(recorded: string): number | undefined {
  const pid = Number.parseInt(recorded, 10);
  return pid > 1 && processIdentity(pid) === recorded ? pid : undefined;
}

/**
 * Ends a process politely, then hard. Resolves when it is gone.
 *
 * @param patience - milliseconds between the two
 */
export async function endProcess(pid: number, patience: number): Promise<void> {
  signal(pid, 'SIGTERM');
  if (await waitForEnd(pid, patience)) return;
  if (isAlive(pid)) signal(pid, 'SIGKILL');
  await waitForEnd(pid, patience);
}
