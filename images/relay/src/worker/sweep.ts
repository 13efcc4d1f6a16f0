import type { Pool } from 'pg';
import type { Now } from '../time.ts';
import { currentHour, currentMinute } from '../time.ts';

/** How many rows a sweep removed. */
export interface Swept {
  blobs: number;
  sessions: number;
  tickets: number;
  challenges: number;
}

/** Blobs in one statement: small, so that nothing waits long for it, and a stop neither. */
const BATCH = 200;

// Several workers take different rows. What is gone is gone: whoever comes second skips it.
const EXPIRE_BLOBS = `DELETE FROM blob WHERE id IN (
  SELECT id FROM blob WHERE expiry_hour <= $1 LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`;

/**
 * Removes what has expired, and makes the space of blobs usable again. Several may run at once.
 *
 * @param stop checked between batches
 * @throws the database's own error; what was removed until then stays removed
 */
export async function sweep(pool: Pool, now: Now, stop: AbortSignal): Promise<Swept> {
  const swept = { blobs: 0, sessions: 0, tickets: 0, challenges: 0 };
  for (let removed = BATCH; removed > 0 && !stop.aborted; swept.blobs += removed) {
    removed = (await pool.query(EXPIRE_BLOBS, [currentHour(now())])).rowCount ?? 0;
  }
  const minute = currentMinute(now());
  for (const [name, table] of [
    ['sessions', 'session'],
    ['tickets', 'ticket'],
    ['challenges', 'challenge'],
  ] as const) {
    swept[name] =
      (await pool.query(`DELETE FROM ${table} WHERE expiry_minute <= $1`, [minute])).rowCount ?? 0;
  }
  // Where another worker is at it already, this one need not wait.
  if (swept.blobs > 0 && !stop.aborted) await pool.query('VACUUM (SKIP_LOCKED) blob');
  return swept;
}
