import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { ADVISORY_LOCK, CONNECT_MS } from './migrations.ts';

const FILE = new URL('../../prisma/grants.sql', import.meta.url);

/** The statements that {@link applyGrants} runs; they may be run within another transaction. */
export function readGrants(): Promise<string> {
  return readFile(FILE, 'utf8');
}

/**
 * Gives the relay's roles the rights that each needs, and takes from them all others (`prisma/grants.sql`). Roles that do not
 * exist are passed over. Running it again, or several at once, is harmless, and nobody is without rights in between.
 *
 * @param databaseUrl `postgres://…`, as the role that owns the tables; the database must be migrated
 * @throws the database's own error
 */
export async function applyGrants(databaseUrl: string): Promise<void> {
  const sql = await readGrants();
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(sql);
  } finally {
    await client.end();
  }
}
