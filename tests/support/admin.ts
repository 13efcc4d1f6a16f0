/** relay-admin, as an operator starts it. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const LAUNCHER = resolve(import.meta.dirname, '../../admin-cli/bin/relay-admin.js');

/**
 * Runs relay-admin.
 * @param cwd folder that paths are relative to
 * @param env settings beside those of this process, such as `DATABASE_URL`
 * @returns its result, as `--json` prints it
 * @throws Error where it does not end well, with what it printed
 */
export async function relayAdmin(cwd: string, env: Record<string, string>, ...args: string[]) {
  const options = { cwd, env: { ...process.env, ...env } };
  const { stdout } = await promisify(execFile)(process.execPath, [LAUNCHER, ...args, '--json'], options);
  return JSON.parse(stdout);
}
