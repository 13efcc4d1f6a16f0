import { spawn } from 'node:child_process';

/** How a program is run. */
export interface RunOptions {
  /** Given to it on standard input; nothing else is. */
  input?: string | Uint8Array;
  cwd?: string;
  env?: Readonly<Record<string, string>>;
}

/** What a program said. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever its exit code. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { input, cwd, env } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env } });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        said[stream] += text;
      });
    }
    child.on('error', reject).on('close', (code) => resolve({ code: code ?? 1, ...said }));
    // It may end without reading all of it.
    child.stdin.on('error', () => {}).end(input);
  });
}

/**
 * Runs a program that must succeed.
 * @returns its standard output
 * @throws Error with what it said
 */
export async function succeed(
  program: string,
  args: readonly string[],
  options?: RunOptions,
): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`);
}

/** The part of `docker inspect` that the tests read. */
export interface Container {
  Id: string;
  State: { Pid: number; Status: string; StartedAt: string; ExitCode: number; Health?: { Status: string } };
  RestartCount: number;
  Config: { User: string; Env: string[]; Labels: Record<string, string> };
  HostConfig: {
    ReadonlyRootfs: boolean;
    Privileged: boolean;
    CapAdd: string[] | null;
    CapDrop: string[] | null;
    SecurityOpt: string[] | null;
    Memory: number;
    PidsLimit: number | null;
    NetworkMode: string;
  };
  Mounts: { Type: string; Name?: string; Destination: string; RW: boolean }[];
  NetworkSettings: { Ports: Record<string, { HostIp: string; HostPort: string }[] | null> };
}
