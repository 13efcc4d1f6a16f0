/** The real parts of a soak: PostgreSQL that flushes to disk, relay and worker as processes of their own, coturn. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateIdentities } from '@relay/admin-cli/services';
import type { Child } from '@relay/demo/parts';
import {
  findTurnserver,
  identityFile,
  ownPort,
  Processes,
  seedCircle,
  shareSecret,
  startCoturn,
} from '@relay/demo/parts';
import { createDatabase, startPostgres } from '@relay/demo/postgres';
import { migrate } from '@relay/server/migrate';
import { Pool } from 'pg';

/** See above. */
export interface SoakSystem {
  url: string;
  turnPort: number;
  /** Content of identity files by member number minus one. */
  identities: Uint8Array[];
  /** For what the soak looks at and ages. */
  pool: Pool;
  /** The processes that run now. */
  readonly pids: { relay: number; worker: number; coturn: number };
  /** How often the relay was started. */
  readonly lives: number;
  /** Ends the relay, asked or not, and starts another on the same port. */
  restartRelay(by: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Everything that the services wrote, those that have ended included. */
  logs(): { relay: string; worker: string; coturn: string };
  close(): Promise<void>;
}

const ROOT = new URL('../../', import.meta.url).pathname;
const SOURCES = join(ROOT, 'images/relay/src');
const READY_MS = 60_000;
const PAUSE_MS = 50;

async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const late = performance.now() + READY_MS;
  while (!(await check())) {
    if (performance.now() > late) throw new Error(`${what} within ${READY_MS / 1000} s`);
    await sleep(PAUSE_MS);
  }
}

/**
 * Starts everything.
 * @param count members of the circle
 * @throws Error where coturn is not installed
 */
export async function startSystem(count: number): Promise<SoakSystem> {
  const program = findTurnserver();
  if (program === undefined) throw new Error('coturn is not installed: apt-get install coturn');
  const folder = mkdtempSync('/var/tmp/relay-soak-');
  // A folder of its own, which the account of the server can enter.
  const dataDir = mkdtempSync('/var/tmp/relay-soak-postgres-');
  const postgres = await startPostgres({ dataDir, durable: true });
  const processes = new Processes(join(folder, 'logs'));
  const databaseUrl = await createDatabase(postgres.url, 'soak');
  await migrate(databaseUrl);
  const directory = join(folder, 'identities');
  const labels = Array.from({ length: count }, (_, i) => `Member ${i + 1}`);
  await generateIdentities({ directory, labels });
  await seedCircle(directory, databaseUrl);
  const pool = new Pool({ connectionString: databaseUrl, max: 2, application_name: 'soak' });
  pool.on('error', () => undefined);

  const { file: secretsFile, secret } = await shareSecret(join(folder, 'secret'));
  const turnPort = await ownPort();
  const coturn = await startCoturn(processes, {
    program,
    port: turnPort,
    folder: join(folder, 'coturn'),
    secret,
    relayPorts: [40_000, 40_999],
  });
  const port = await ownPort();
  const url = `http://127.0.0.1:${port}`;
  const past = { relay: '' };
  let lives = 0;

  async function startRelay(): Promise<Child> {
    const env = {
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl,
      TURN_SECRETS_FILE: secretsFile,
      TURN_HOST: '127.0.0.1',
      TURN_PORT: String(turnPort),
      // Pages that are loaded anew draw anew, and these are loaded more often in an hour than others in a day.
      TOKENS_PER_MEMBER_PER_DAY: '100000',
    };
    const args = [join(SOURCES, 'main.ts')];
    const child = processes.start({ name: 'relay', program: process.execPath, args, env, cwd: ROOT });
    lives += 1;
    await until('the relay did not come up', async () => {
      if (child.ending() !== undefined) throw new Error(`the relay ${child.ending()}: ${child.output()}`);
      return (await fetch(`${url}/readyz`).catch(() => undefined))?.status === 204;
    });
    return child;
  }
  let relay = await startRelay();
  const worker = processes.start({
    name: 'worker',
    program: process.execPath,
    args: [join(SOURCES, 'worker.ts')],
    env: { DATABASE_URL: databaseUrl, WORKER_SCHEDULE: '*/15 * * * * *' },
    cwd: ROOT,
  });
  await until('the worker did not sweep', () => worker.output().includes('"swept"'));

  return {
    url,
    turnPort,
    identities: labels.map((_, i) => new Uint8Array(readFileSync(identityFile(directory, i + 1)))),
    pool,
    get pids() {
      return { relay: relay.pid, worker: worker.pid, coturn: coturn.pid };
    },
    get lives() {
      return lives;
    },
    async restartRelay(by) {
      process.kill(relay.pid, by);
      await until('the relay did not end', () => relay.ending() !== undefined);
      past.relay += relay.output();
      relay = await startRelay();
    },
    logs: () => ({ relay: past.relay + relay.output(), worker: worker.output(), coturn: coturn.output() }),
    async close() {
      await processes.close();
      await pool.end();
      await postgres.stop();
      for (const made of [folder, dataDir]) rmSync(made, { recursive: true, force: true });
    },
  };
}
