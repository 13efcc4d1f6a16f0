import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The file that starts relay-admin. */
export const LAUNCHER = fileURLToPath(new URL('../../bin/relay-admin.js', import.meta.url));

/** Each run has a home of its own: without a place that all share, Node compiles the same sources anew in each of a thousand runs. */
const COMPILED = fileURLToPath(new URL('../../../node_modules/.cache/relay-admin', import.meta.url));

/** How a run of relay-admin ended. */
export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Where relay-admin is started, and by what: `through` is a command that starts the one which follows it. */
export interface CliOptions {
  cwd: string;
  env?: Record<string, string>;
  through?: readonly string[];
}

/** Starts relay-admin as people do, without a terminal and without the settings of this process. */
export function startCli(args: readonly string[], { cwd, env: more, through = [] }: CliOptions) {
  const env = { PATH: process.env.PATH ?? '', HOME: cwd, NODE_COMPILE_CACHE: COMPILED, ...more };
  const [program, ...rest] = [...through, process.execPath, LAUNCHER, ...args] as [string, ...string[]];
  return spawn(program, rest, { cwd, env });
}

/** Runs relay-admin to its end. */
export async function relayAdmin(
  args: readonly string[],
  options: CliOptions & { stdin?: string },
): Promise<CliResult> {
  const child = startCli(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}
