import type { Pool } from 'pg';

const FAR_HOUR = 2_000_000_000;
const HASH = `decode(repeat('00', 32), 'hex')`;

// The ids are random, as real ones are; what the bodies hold makes no difference, since nothing compresses them.
const FILL = `INSERT INTO blob (id, mailbox, expiry_hour, read_hash, delete_hash, body)
  SELECT uuid_send(gen_random_uuid()), $1, ${FAR_HOUR}, ${HASH}, ${HASH}, decode(repeat(md5(n::text), 4096), 'hex')
  FROM generate_series(1, $2::integer) AS n RETURNING id`;

/**
 * Fills a mailbox with blobs, and lets the database settle.
 * @param mailbox key hash of its owner; the first one's by key hash when not given
 * @returns their ids, 16 bytes each
 */
export async function fillMailbox(pool: Pool, count: number, mailbox?: Uint8Array): Promise<Uint8Array[]> {
  const first = await pool.query<{ key_hash: Buffer }>(
    'SELECT key_hash FROM member ORDER BY key_hash LIMIT 1',
  );
  const { rows } = await pool.query<{ id: Buffer }>(FILL, [mailbox ?? first.rows[0]?.key_hash, count]);
  await pool.query('VACUUM ANALYZE blob');
  return rows.map(({ id }) => Uint8Array.from(id));
}

/** Empties every mailbox, so that each round begins alike. */
export async function emptyMailboxes(pool: Pool): Promise<void> {
  await pool.query('TRUNCATE blob');
}

/** Drops every ticket: what it may still bring would count as taken for minutes, and no client of a bench that ends here uses it. */
export async function dropTickets(pool: Pool): Promise<void> {
  await pool.query('TRUNCATE ticket');
}
