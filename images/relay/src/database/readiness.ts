import { RelayError } from '@relay/protocol/wire';
import type { Pool } from 'pg';
import { readMigrations } from './migrations.ts';

/**
 * Checks that the database answers and has every migration.
 * @throws RelayError `unavailable`, or the database's own error
 */
export async function checkDatabase(pool: Pool): Promise<void> {
  const migrations = await readMigrations();
  const { rows } = await pool.query<{ name: string }>(
    'SELECT migration_name AS name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const applied = new Set(rows.map((row) => row.name));
  if (!migrations.every((migration) => applied.has(migration.name))) {
    throw new RelayError('unavailable', 'The database lacks a migration.');
  }
}
