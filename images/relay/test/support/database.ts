import { randomBytes } from 'node:crypto';
import { createDatabase } from '@relay/demo/postgres';
import type { QueryResult } from 'pg';
import { Client } from 'pg';
import { inject } from 'vitest';
import { connect } from '../../src/admin.ts';
import { migrate } from '../../src/database/migrations.ts';
import type { TestCircle } from './member.ts';

/** An empty database on the run's server; resolves to its URL. */
export function emptyDatabase(): Promise<string> {
  return createDatabase(inject('postgresUrl'), `relay_${randomBytes(6).toString('hex')}`);
}

/** A migrated database, seeded with a circle where one is given; resolves to its URL. */
export async function makeDatabase(circle?: TestCircle): Promise<string> {
  const url = await emptyDatabase();
  await migrate(url);
  if (circle) await seed(url, circle);
  return url;
}

/** Seeds a circle. */
export async function seed(databaseUrl: string, { allowlist }: TestCircle): Promise<void> {
  const admin = connect(databaseUrl);
  await admin.seed(allowlist, { prune: false }).finally(() => admin.close());
}

/** Runs one statement on a connection of its own. */
export async function sql(databaseUrl: string, text: string, values: unknown[] = []): Promise<QueryResult> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  return client.query(text, values).finally(() => client.end());
}
