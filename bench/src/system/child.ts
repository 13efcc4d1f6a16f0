import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '@relay/server/node-flags';

/** A server in a process of its own. */
export interface ServerProcess {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  pid: number;
  /** Asks it to end; resolves when it has. */
  stop(): Promise<void>;
}

const STOP_MS = 10_000;
/** pino's number for warnings; worse is higher. */
const LOG_LEVEL_WARN = 40;

/**
 * Starts a program with this Node, run as the relay's is, and waits until it prints a line of JSON with `msg` "listening" and its `port`, as the relay's log
 * does. Warnings and errors in that log go to this process's own.
 * @param program file to run
 * @param env variables beside `PATH`
 * @throws Error when it ends before it listens
 */
export async function startServerProcess(
  program: URL,
  env: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const file = fileURLToPath(program);
  const child = spawn(process.execPath, [...NODE_FLAGS, file], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${file} ended before it listened`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line) as { level?: number; msg?: string; port?: number };
      if (entry.msg === 'listening' && entry.port !== undefined) resolve(entry.port);
      else if ((entry.level ?? 0) >= LOG_LEVEL_WARN) process.stderr.write(`${line}\n`);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended.finally(() => clearTimeout(late));
    },
  };
}
