/** What a backup takes of the database. Sessions, challenges, tickets, counts of draws and spent tokens are never in one. */
import type { Client } from 'pg';
import type { Applied } from '../database/migrations.ts';

/** The tables of a backup, in the order in which they are filled: members before what refers to them. */
export const BACKUP_TABLES = ['circle', 'member', 'roster_update', 'blob'] as const;

/** Name of a table of a backup. */
export type BackupTable = (typeof BACKUP_TABLES)[number];

/** A table as it was when the backup was made. */
export interface TableColumns {
  table: BackupTable;
  /** Names, in the order of the rows' fields. */
  columns: readonly string[];
}

/** The size of a stored blob's row in PostgreSQL's binary COPY format, by which progress is told. */
export const BLOB_ROW_BYTES = 65_646;

/** Whether a name is that of a column and of nothing else, so that a file can say no more than that in a statement. */
export function isColumnName(text: string): boolean {
  return /^[a-z][a-z0-9_]{0,62}$/.test(text);
}

/** The columns as they stand in a statement: one of them has the name of a keyword. */
export function quoted(columns: readonly string[]): string {
  return columns.map((name) => `"${name}"`).join(', ');
}

/** Whether a database has a table. */
export async function hasTable(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ is: boolean }>(
    "SELECT to_regclass('public.' || quote_ident($1)) IS NOT NULL AS is",
    [table],
  );
  return rows[0]?.is === true;
}

/** The migrations that a database has; none where it was never migrated. */
export async function readApplied(client: Client): Promise<Applied[]> {
  if (!(await hasTable(client, '_prisma_migrations'))) return [];
  const { rows } = await client.query<Applied>(
    `SELECT migration_name AS name, checksum FROM "_prisma_migrations"
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
  return rows;
}

/** Tells how many blobs a stream of rows has brought. */
export async function* counted(
  rows: AsyncIterable<Uint8Array>,
  total: number,
  progress: (done: number, total: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of rows) {
    bytes += piece.length;
    progress(Math.min(total, Math.floor(bytes / BLOB_ROW_BYTES)), total);
    yield piece;
  }
  progress(total, total);
}
