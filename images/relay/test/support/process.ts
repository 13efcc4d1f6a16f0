import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

/** A part of the relay as a process of its own. */
export interface TestProcess {
  child: ChildProcess;
  /** Everything it wrote to standard output and error. */
  output(): string;
  /** Sends a signal and waits for the end; resolves to the exit code, null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts `src/<part>.ts` with an environment of its own. */
export function startProcess(part: 'main' | 'worker' | 'migrate', env: Record<string, string>): TestProcess {
  const file = fileURLToPath(new URL(`../../src/${part}.ts`, import.meta.url));
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const written: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => written.push(piece));
  child.stderr.on('data', (piece: Buffer) => written.push(piece));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  return {
    child,
    output: () => Buffer.concat(written).toString(),
    end: async (signal) => {
      child.kill(signal);
      return (await ended)[0];
    },
  };
}

/** Starts a relay process on a free port and waits until it can serve. */
export async function startRelayProcess(
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<TestProcess & { url: string }> {
  const running = startProcess('main', { DATABASE_URL: databaseUrl, PORT: '0', HOST: '127.0.0.1', ...env });
  const port = () => /"port":(\d+)/.exec(running.output())?.[1];
  await until('the relay listened', () => port() !== undefined);
  const url = `http://127.0.0.1:${port()}`;
  await until('the relay was ready', async () => (await fetch(`${url}/readyz`)).status === 204);
  return { ...running, url };
}
