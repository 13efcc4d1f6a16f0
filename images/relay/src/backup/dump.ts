/** Reading a database for a backup. */
import { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Applied } from '../database/migrations.ts';
import { CONNECT_MS, pendingMigrations, readMigrations } from '../database/migrations.ts';
import type { BackupTable, TableColumns } from './tables.ts';
import { BACKUP_TABLES, hasTable, quoted, readApplied } from './tables.ts';

/** A database as it stood at one moment. Closing it ends that. */
export interface Dump {
  /** What it was migrated to. */
  migrations: readonly Applied[];
  /** What is to be read with {@link Dump.rows}, in this order. */
  tables: readonly TableColumns[];
  /** Of the circle, 32 bytes; undefined where none is set up. */
  circleId: Buffer | undefined;
  members: number;
  /** That {@link Dump.rows} of `blob` yields. */
  blobs: number;
  /** The highest epoch of an issuer key (SPEC.md §22.1); undefined where there never was one. */
  issuerEpoch: number | undefined;
  /** The rows of a table in PostgreSQL's binary COPY format, at the pace of the reader. */
  rows(table: TableColumns): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/**
 * Opens a database for a backup. Everything is read as of one moment; the relay goes on meanwhile.
 * @param databaseUrl `postgres://…`, as the role that owns the tables
 * @param options `includeBlobs`: whether `blob` is among the tables; `hour`: blobs that expire then or before are left out
 * @throws Error when the database is of a newer relay; the database's own error
 */
export async function openDump(
  databaseUrl: string,
  { includeBlobs, hour }: { includeBlobs: boolean; hour: number },
): Promise<Dump> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS });
  // A connection that breaks also fails the statement that uses it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const migrations = await readApplied(client);
    pendingMigrations(await readMigrations(), migrations);
    const names = BACKUP_TABLES.filter((table) => table !== 'blob' || includeBlobs);
    const tables: TableColumns[] = [];
    for (const table of names) tables.push({ table, columns: await columnsOf(client, table) });
    const one = async <T>(text: string) => (await client.query<{ value: T }>(text)).rows[0]?.value;
    const hasIssuer = await hasTable(client, 'issuer_key');
    const alive = `WHERE expiry_hour > ${Math.trunc(hour)}`;
    return {
      migrations,
      tables,
      circleId: await one<Buffer>('SELECT circle_id AS value FROM circle'),
      members: (await one<number>('SELECT count(*)::integer AS value FROM member')) ?? 0,
      blobs: includeBlobs
        ? ((await one<number>(`SELECT count(*)::integer AS value FROM blob ${alive}`)) ?? 0)
        : 0,
      issuerEpoch: hasIssuer
        ? ((await one<number | null>('SELECT max(epoch) AS value FROM issuer_key')) ?? undefined)
        : undefined,
      rows({ table, columns }) {
        const select = `SELECT ${quoted(columns)} FROM ${table} ${table === 'blob' ? alive : ''}`;
        return client.query(copyTo(`COPY (${select}) TO STDOUT (FORMAT binary)`));
      },
      close: () => client.end(),
    };
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function columnsOf(client: Client, table: BackupTable): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = ('public.' || $1)::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  );
  return rows.map(({ name }) => name);
}
