/**
 * The statements that the relay runs, for floors that run them without it. A test holds the texts that stand in the relay's source
 * against it; the others are what the relay asks of the database through Prisma.
 */

/** Takes one blob off a ticket: ticket hash, minute. As in the relay's `tickets/repository.ts`. */
export const SPEND = `UPDATE ticket SET remaining = remaining - 1
  WHERE ticket_hash = $1 AND remaining > 0 AND expiry_minute > $2 RETURNING mailbox`;

/** Stores a blob: id, mailbox, hour of expiry, read hash, delete hash, body, current hour. As in `blobs/repository.ts`. */
export const INSERT = `INSERT INTO blob (id, mailbox, expiry_hour, read_hash, delete_hash, body) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (id) DO UPDATE SET mailbox = excluded.mailbox, expiry_hour = excluded.expiry_hour,
    read_hash = excluded.read_hash, delete_hash = excluded.delete_hash, body = excluded.body
  WHERE blob.expiry_hour <= $7`;

/** Blobs of a mailbox, as frames; it reads its parameters from {@link SET_FETCH}. As in `mailbox/repository.ts`. */
export const FETCH = `SELECT id || body FROM blob
  WHERE mailbox = decode(current_setting('relay.mailbox'), 'hex') AND expiry_hour > current_setting('relay.hour')::integer
    AND id IN (SELECT decode(wanted, 'hex') FROM unnest(string_to_array(current_setting('relay.ids'), ',')) AS wanted)`;

/** Parameters of {@link FETCH}: mailbox and ids in hexadecimal, hour. */
export const SET_FETCH = `SELECT set_config('relay.mailbox', $1, false), set_config('relay.hour', $2, false),
  set_config('relay.ids', $3, false)`;

/** Who is asking: token hash, minute. As in `sessions/repository.ts`. */
export const SESSION = `SELECT token_hash AS "tokenHash", key_hash AS "keyHash", expiry_minute AS "expiryMinute" FROM session
  WHERE token_hash = $1 AND expiry_minute > $2`;

/** Whether there is a mailbox, what it holds and is promised, and whether a token was spent: key hash, epoch, nonce hash, hour, most, minute. As in `tickets/repository.ts`. */
export const STANDING = `WITH standing AS MATERIALIZED (SELECT EXISTS (SELECT FROM member WHERE key_hash = $1) AS is_known,
    EXISTS (SELECT FROM spent_token WHERE epoch = $2 AND nonce_hash = $3) AS is_spent)
  SELECT is_known AS "isKnown", is_spent AS "isSpent", CASE WHEN is_spent THEN 0 ELSE
    (SELECT count(*)::integer FROM (SELECT FROM blob WHERE mailbox = $1 AND expiry_hour > $4 LIMIT $5) AS alive)
  END AS blobs, CASE WHEN is_spent THEN 0 ELSE
    (SELECT coalesce(sum(remaining), 0)::integer FROM ticket WHERE mailbox = $1 AND expiry_minute > $6)
  END AS promised FROM standing`;

/** Makes a ticket: ticket hash, mailbox, blobs, minute of expiry. */
export const ADD_TICKET =
  'INSERT INTO ticket (ticket_hash, mailbox, remaining, expiry_minute) VALUES ($1, $2, $3, $4)';

/** Spends a token for a ticket: epoch, nonce hash, ticket hash, mailbox, blobs, minute of expiry. As in `tickets/repository.ts`. */
export const SELL = `WITH key AS (SELECT epoch FROM issuer_key WHERE epoch = $1 AND secret IS NOT NULL),
  spent AS (INSERT INTO spent_token (epoch, nonce_hash) SELECT epoch, $2 FROM key ON CONFLICT DO NOTHING RETURNING epoch),
  sold AS (INSERT INTO ticket (ticket_hash, mailbox, remaining, expiry_minute) SELECT $3, $4, $5, $6 FROM spent RETURNING 1)
  SELECT EXISTS (SELECT FROM key) AS live, EXISTS (SELECT FROM sold) AS sold`;

/** Tells whoever listens: payload. */
export const NOTIFY = `SELECT pg_notify('bench_arrivals', $1)`;
