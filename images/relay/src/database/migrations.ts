import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Client } from 'pg';

/** One committed migration. */
export interface Migration {
  /** Name of its folder. */
  name: string;
  sql: string;
  /** SHA-256 of the file, hexadecimal, as Prisma records it. */
  checksum: string;
}

const FOLDER = new URL('../../prisma/migrations/', import.meta.url);
/** The lock that Prisma's own migrate takes. */
export const ADVISORY_LOCK = 72_707_369;
/** Milliseconds to wait for a connection. */
export const CONNECT_MS = 5_000;

/** Makes the table of what was applied, where it is missing. */
export const HISTORY = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

/** The committed migrations, in the order of their names. */
export async function readMigrations(folder: URL = FOLDER): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(new URL(`${name}/migration.sql`, folder), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Brings a database up to date, each migration in a transaction of its own, recorded as Prisma's `migrate deploy` records it.
 * Running it again, or several at once, is harmless.
 *
 * @param databaseUrl `postgres://…`
 * @returns names of the migrations that were applied now
 * @throws Error when an applied migration was changed or is not known here; the database's own error when one fails
 */
export async function migrate(databaseUrl: string, folder?: URL): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(HISTORY);
    const pending = pendingMigrations(migrations, await readHistory(client));
    for (const migration of pending) await apply(client, migration);
    return pending.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}

/** A migration that a database has. */
export interface Applied {
  name: string;
  /** As {@link Migration.checksum}. */
  checksum: string;
}

async function readHistory(client: Pick<Client, 'query'>): Promise<Applied[]> {
  const { rows } = await client.query<Applied>(
    `SELECT migration_name AS name, checksum FROM "_prisma_migrations"
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  return rows;
}

/** How a database stands to the migrations that are known here. */
export interface MigrationState {
  /** Names of those that it lacks, in order. */
  pending: string[];
  /** Why its history does not fit, in a sentence; undefined where it does. */
  misfit: string | undefined;
}

/**
 * Compares a database with the migrations that are known here, and changes nothing.
 * @param client connected; its role must be able to read the history
 * @throws the database's own error, as where there is no history yet
 */
export async function inspectMigrations(client: Pick<Client, 'query'>): Promise<MigrationState> {
  const [migrations, history] = [await readMigrations(), await readHistory(client)];
  try {
    const pending = pendingMigrations(migrations, history).map(({ name }) => name);
    return { pending, misfit: undefined };
  } catch (error) {
    return { pending: [], misfit: (error as Error).message };
  }
}

/**
 * The migrations that a database still lacks.
 * @throws Error when the history holds one that is not known, or that was changed since
 */
export function pendingMigrations(
  migrations: readonly Migration[],
  history: readonly Applied[],
): Migration[] {
  for (const applied of history) {
    const known = migrations.find((migration) => migration.name === applied.name);
    if (!known)
      throw new Error(`The database has migration ${applied.name} of a newer relay. Update this one.`);
    if (known.checksum !== applied.checksum) {
      throw new Error(`Migration ${applied.name} was changed after it was applied. Restore the file.`);
    }
  }
  return migrations.filter((migration) => !history.some((applied) => applied.name === migration.name));
}

async function apply(client: Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await applyWithin(client, migration);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/**
 * Applies a migration and records it, within the transaction that the connection is in.
 * @throws the database's own error
 */
export async function applyWithin(client: Client, migration: Migration): Promise<void> {
  await client.query(migration.sql);
  await client.query(
    `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, now(), 1)`,
    [randomUUID(), migration.checksum, migration.name],
  );
}
