/** Filling an empty database from a backup, in one transaction. */
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { readGrants } from '../database/grants.ts';
import type { Applied, Migration } from '../database/migrations.ts';
import {
  ADVISORY_LOCK,
  applyWithin,
  CONNECT_MS,
  HISTORY,
  pendingMigrations,
  readMigrations,
} from '../database/migrations.ts';
import type { TableColumns } from './tables.ts';
import { BACKUP_TABLES, hasTable, isColumnName, quoted, readApplied } from './tables.ts';

/** How a database stands that is to be filled: nobody is in it; this very backup was restored; it holds something else. */
export type LoadState = 'empty' | 'restored' | 'filled';

/** A database that is being filled. Nobody sees any of it before {@link Load.commit}; closing it before undoes all. */
export interface Load {
  /** How it stands. While this is open and it was `empty`, nobody else fills it. */
  state: LoadState;
  /**
   * Brings the empty database to the tables of the backup, older than these as they may be.
   * @param migrations those of the backup, all of which are known here
   */
  prepare(migrations: readonly Applied[]): Promise<void>;
  /** Fills a table with rows of {@link Dump.rows}. */
  fill(table: TableColumns, rows: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Applies later migrations and the roles' rights, lets expired blobs go, and voids every blind token.
   * @param end `issuerEpoch`: as of the backup; `hour`: the current one, from the Unix epoch
   */
  finish(end: { issuerEpoch: number | undefined; hour: number }): Promise<void>;
  /** Makes all of it stand. */
  commit(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Whether a relay of this version can take a backup.
 * @returns names of the migrations that it would get; undefined when one of its own is not known here
 */
export async function migrationsAfter(applied: readonly Applied[]): Promise<string[] | undefined> {
  try {
    return pendingMigrations(await readMigrations(), applied).map(({ name }) => name);
  } catch {
    return undefined;
  }
}

/**
 * Opens a database to be filled.
 * @param databaseUrl `postgres://…`, as the role that owns the tables
 * @param id of the backup, hexadecimal
 * @throws the database's own error
 */
export async function openLoad(databaseUrl: string, id: string): Promise<Load> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
    const state = await readState(client, id);
    return {
      state,
      prepare: (migrations) => prepare(client, migrations),
      fill: (table, rows) => fill(client, table, rows),
      finish: (end) => finish(client, id, end),
      commit: async () => void (await client.query('COMMIT')),
      close: () => client.end(),
    };
  } catch (error) {
    await client.end();
    throw error;
  }
}

/** Stands in the catalogue beside the table, as long as the table does. */
const mark = (id: string) => `restored from backup ${id}`;

async function readState(client: Client, id: string): Promise<LoadState> {
  for (const table of BACKUP_TABLES) {
    if (!(await hasTable(client, table))) continue;
    await client.query(`LOCK TABLE ${table} IN EXCLUSIVE MODE`);
    if ((await client.query(`SELECT FROM ${table} LIMIT 1`)).rowCount === 0) continue;
    const { rows } = await client.query<{ text: string | null }>(
      "SELECT obj_description(to_regclass('public.circle'), 'pg_class') AS text",
    );
    return rows[0]?.text === mark(id) ? 'restored' : 'filled';
  }
  return 'empty';
}

async function prepare(client: Client, migrations: readonly Applied[]): Promise<void> {
  const [known, present] = [await readMigrations(), await readApplied(client)];
  pendingMigrations(known, present);
  const names = (list: readonly Applied[]) => list.map(({ name }) => name).join();
  if (names(present) === names(migrations)) return;
  await client.query(DROP_ALL);
  await applyAll(client, known, (migration) => migrations.some(({ name }) => name === migration.name));
}

/** Only of a database that nobody is in. Roles and the database's own rights stay. */
const DROP_ALL = `DO $$
DECLARE thing RECORD;
BEGIN
  FOR thing IN SELECT oid::regclass AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', thing.name);
  END LOOP;
  FOR thing IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace LOOP
    EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', thing.name);
  END LOOP;
END $$`;

async function applyAll(
  client: Client,
  migrations: readonly Migration[],
  isWanted: (migration: Migration) => boolean,
): Promise<void> {
  await client.query(HISTORY);
  for (const migration of migrations) if (isWanted(migration)) await applyWithin(client, migration);
}

async function fill(
  client: Client,
  { table, columns }: TableColumns,
  rows: AsyncIterable<Uint8Array>,
): Promise<void> {
  if (!BACKUP_TABLES.includes(table) || !columns.every(isColumnName)) {
    throw new TypeError('no table of a backup');
  }
  const copy = client.query(copyFrom(`COPY ${table} (${quoted(columns)}) FROM STDIN (FORMAT binary)`));
  await pipeline(rows, copy);
}

async function finish(
  client: Client,
  id: string,
  { issuerEpoch, hour }: { issuerEpoch: number | undefined; hour: number },
): Promise<void> {
  const present = await readApplied(client);
  const pending = pendingMigrations(await readMigrations(), present);
  await applyAll(client, pending, () => true);
  await client.query(await readGrants());
  await client.query('DELETE FROM blob WHERE expiry_hour <= $1', [hour]);
  // What was spent since the backup was made is not known any more, so no token of then may count. Clients take a lower epoch
  // than they were told before for a lie (SPEC.md §22.3): the next key has to be above every one that there can have been.
  const { rows } = await client.query<{ epoch: number }>(
    'SELECT greatest($1::integer, $2::integer, max(epoch)) AS epoch FROM issuer_key',
    [issuerEpoch ?? null, hour],
  );
  await client.query('DELETE FROM issuer_key');
  await client.query('INSERT INTO issuer_key (epoch) VALUES ($1)', [rows[0]?.epoch]);
  await client.query(`COMMENT ON TABLE circle IS '${mark(/^[0-9a-f]+$/.exec(id)?.[0] ?? '')}'`);
}
