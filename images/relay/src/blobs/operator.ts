/** What an operator may know of the blobs that are stored, and do to all of them. No statement names a mailbox. */
import type { Pool } from 'pg';

const HOURS_PER_DAY = 24;

/** Blobs whose lives end within one UTC day. */
export interface DayOfExpiry {
  /** Days from the Unix epoch. */
  day: number;
  blobs: number;
}

/**
 * Counts what is stored by day of expiry, soonest first. Blobs that have expired and wait for the worker are among them.
 * @throws the database's own error
 */
export async function countByDay(pool: Pool): Promise<DayOfExpiry[]> {
  const { rows } = await pool.query<DayOfExpiry>(
    `SELECT expiry_hour / ${HOURS_PER_DAY} AS day, count(*)::integer AS blobs FROM blob GROUP BY 1 ORDER BY 1`,
  );
  return rows;
}

/**
 * Counts what has expired and is not yet removed.
 * @param hour hours from the Unix epoch
 * @throws the database's own error
 */
export async function countExpired(pool: Pool, hour: number): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    'SELECT count(*)::integer AS n FROM blob WHERE expiry_hour <= $1',
    [hour],
  );
  return rows[0]?.n ?? 0;
}

/**
 * Removes blobs, an hour of expiry in each statement, and lets new ones use the room; the disk gets back only what is empty at the end of
 * the table. Interrupted, it has removed what it has told of; run again, it goes on.
 * @param until the last hour to remove, from the Unix epoch; undefined for all there is
 * @param onRemoved told after each statement, with the sum
 * @returns how many were removed
 * @throws the database's own error
 */
export async function removeBlobs(
  pool: Pool,
  until: number | undefined,
  onRemoved: (sum: number) => void = () => {},
): Promise<number> {
  const { rows } = await pool.query<{ hour: number }>(
    'SELECT DISTINCT expiry_hour AS hour FROM blob WHERE $1::integer IS NULL OR expiry_hour <= $1 ORDER BY 1',
    [until ?? null],
  );
  let sum = 0;
  for (const { hour } of rows) {
    sum += (await pool.query('DELETE FROM blob WHERE expiry_hour = $1', [hour])).rowCount ?? 0;
    onRemoved(sum);
  }
  // Where the worker is at it already, this need not wait.
  if (sum > 0) await pool.query('VACUUM (SKIP_LOCKED) blob');
  return sum;
}
