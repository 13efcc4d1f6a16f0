import { join } from 'node:path';
import { NODE_FLAGS } from '@relay/server/node-flags';
import type { Child, Processes } from './processes.ts';
import { PROJECT } from './settings.ts';
import { untilReady } from './until.ts';

const SOURCES = join(PROJECT, 'images/relay/src');

/** What relay and worker are told. */
export interface RelayOptions {
  port: number;
  databaseUrl: string;
  /** Origins of the pages. */
  webOrigins: readonly string[];
  /** The TURN server of this machine and the file of its secret, where there is one. */
  turn?: { port: number; secretsFile: string };
}

/** Where a relay on this port is dialled on this machine. */
export function relayUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** Starts the relay's own program on loopback; resolves when it can serve. */
export async function startRelay(processes: Processes, options: RelayOptions): Promise<Child> {
  const relay = processes.start({
    name: 'relay',
    program: process.execPath,
    args: [...NODE_FLAGS, join(SOURCES, 'main.ts')],
    env: {
      PORT: String(options.port),
      HOST: '127.0.0.1',
      DATABASE_URL: options.databaseUrl,
      WEB_ORIGIN: options.webOrigins.join(','),
      ...(options.turn && {
        TURN_SECRETS_FILE: options.turn.secretsFile,
        TURN_HOST: '127.0.0.1',
        TURN_PORT: String(options.turn.port),
      }),
    },
    cwd: PROJECT,
  });
  await untilReady(relay, async () => (await fetch(`${relayUrl(options.port)}/readyz`)).status === 204);
  return relay;
}

/** Starts the worker's own program; resolves when its first sweep is done. */
export async function startWorker(processes: Processes, databaseUrl: string): Promise<Child> {
  const worker = processes.start({
    name: 'worker',
    program: process.execPath,
    args: [join(SOURCES, 'worker.ts')],
    env: { DATABASE_URL: databaseUrl },
    cwd: PROJECT,
  });
  await untilReady(worker, async () => worker.output().includes('"swept"'));
  return worker;
}
