/** A small circle with a real relay and database. */
import { createDatabase, dropDatabase } from '@relay/demo/postgres';
import { connect } from '@relay/server/admin';
import { migrate } from '@relay/server/migrate';
import type { Relay, TestRelayOptions } from '@relay/server/testing';
import { startRelay } from '@relay/server/testing';
import type { QueryResult } from 'pg';
import { Client } from 'pg';
import type { RosterMaker } from './rosters.ts';
import { rosterMaker } from './rosters.ts';

/** A circle at work. */
export interface TestCircle {
  /** Where the relay is reached, also while it is away. */
  url: string;
  /** Identity files by member number minus one. */
  files: Uint8Array[];
  /** Hexadecimal key hashes by member number minus one. */
  keyHashes: string[];
  /** Whoever holds `circle.key`. */
  maker: RosterMaker;
  /** Has the relay serve a roster update. */
  publish(update: Uint8Array): Promise<void>;
  /** Runs a statement on the relay's database. */
  sql(text: string, values?: unknown[]): Promise<QueryResult>;
  /** Makes the members of those numbers the only ones the relay knows. */
  allow(...numbers: number[]): Promise<void>;
  stopRelay(): Promise<void>;
  /** Starts the relay again, on the same port, unless it runs. */
  startRelay(options?: Partial<TestRelayOptions>): Promise<void>;
  /** Makes the database refuse every connection, those that are open too. */
  takeDatabaseAway(): Promise<void>;
  giveDatabaseBack(): Promise<void>;
  close(): Promise<void>;
}

let databases = 0;

async function run(url: string, text: string, values: unknown[] = []): Promise<QueryResult> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client.query(text, values).finally(() => client.end());
}

/** Makes a circle of `count` members, seeded into a database of its own, and starts its relay. */
export async function startCircle(adminUrl: string, count = 3): Promise<TestCircle> {
  const name = `client_${process.pid}_${++databases}`;
  const databaseUrl = await createDatabase(adminUrl, name);
  await migrate(databaseUrl);
  const maker = await rosterMaker(...Array.from({ length: count }, (_, i) => `Member ${i + 1}`));
  const { allowlist } = maker;
  const seed = async (numbers: readonly number[]) => {
    const keyHashes = allowlist.keyHashes.filter((_, i) => numbers.includes(i + 1));
    const admin = connect(databaseUrl);
    await admin.seed({ ...allowlist, keyHashes }, { prune: true }).finally(() => admin.close());
  };
  await seed(maker.lines.map(({ number }) => number));
  // Each page of a test draws tokens of its own.
  const tokensPerMemberPerDay = 100_000;
  let relay: Relay | undefined = await startRelay({ databaseUrl, tokensPerMemberPerDay });
  const { port, url } = relay;
  const stopRelay = async () => {
    await relay?.close();
    relay = undefined;
  };
  return {
    url,
    files: maker.files,
    keyHashes: maker.ids,
    maker,
    async publish(update) {
      const admin = connect(databaseUrl);
      await admin.publishRosterUpdate(update.slice()).finally(() => admin.close());
    },
    sql: (text, values) => run(databaseUrl, text, values),
    allow: (...numbers) => seed(numbers),
    stopRelay,
    async startRelay(options = {}) {
      relay ??= await startRelay({ databaseUrl, tokensPerMemberPerDay, port, ...options });
    },
    async takeDatabaseAway() {
      await run(adminUrl, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await run(adminUrl, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
        name,
      ]);
      // A database that is there but closed is another fault than one that is away.
      await run(adminUrl, `ALTER DATABASE ${name} RENAME TO ${name}_away`);
    },
    async giveDatabaseBack() {
      await run(adminUrl, `ALTER DATABASE ${name}_away RENAME TO ${name}`);
      await run(adminUrl, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    },
    async close() {
      await stopRelay();
      await dropDatabase(adminUrl, name);
    },
  };
}
