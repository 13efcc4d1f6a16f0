import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CliResult } from './cli.ts';
import { relayAdmin } from './cli.ts';

const FAULT_AT = pathToFileURL(fileURLToPath(new URL('fault-at.ts', import.meta.url))).href;

/** What befalls a run at one of its operations on files: SIGKILL after it (half a write), or the system's refusal of it. */
export type Fault = 'kill' | 'ENOSPC' | 'EACCES';

/**
 * Runs relay-admin again and again, with the fault at its first operation that changes a file, at its second, and so on, until a run
 * meets none.
 * @param start makes what the run begins from, and tells its directory and arguments
 * @param check looks at what a run with the fault left
 * @returns how many operations there were
 */
export async function faultAtEach<T extends { cwd: string; args: string[]; env?: Record<string, string> }>(
  fault: Fault,
  start: () => Promise<T>,
  check: (began: T, result: CliResult, at: number) => Promise<void>,
): Promise<number> {
  for (let at = 1; ; at++) {
    const began = await start();
    const env = { ...began.env, RELAY_TEST_FAULT: `${fault} ${at}`, NODE_OPTIONS: `--import=${FAULT_AT}` };
    const result = await relayAdmin(began.args, { cwd: began.cwd, env });
    if (result.code === 0) return at - 1;
    await check(began, result, at);
  }
}
