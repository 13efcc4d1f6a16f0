import { mkdtempSync, rmSync } from 'node:fs';
import type { PostgresServer } from '@relay/demo/postgres';
import { startPostgres } from '@relay/demo/postgres';
import { ownPort } from '@relay/demo/turn-server';
import { migrate } from '../../src/database/migrations.ts';
import { seed } from './database.ts';
import type { TestCircle } from './member.ts';

/** A PostgreSQL server of a test's own, to be stopped and killed. */
export interface OwnPostgres {
  url: string;
  stop(): Promise<void>;
  kill9(): Promise<void>;
  /** Starts it again, on the same port with the same data. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

/** Starts a server with a migrated and seeded database. */
export async function startOwnPostgres(circle: TestCircle): Promise<OwnPostgres> {
  const dataDir = mkdtempSync('/var/tmp/relay-test-');
  const options = { dataDir, durable: true, port: await ownPort() };
  let server: PostgresServer = await startPostgres(options);
  const { url } = server;
  await migrate(url);
  await seed(url, circle);
  return {
    url,
    stop: () => server.stop(),
    kill9: () => server.kill9(),
    restart: async () => {
      server = await startPostgres(options);
    },
    remove: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
