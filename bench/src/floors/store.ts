import { randomBytes } from 'node:crypto';
import { decodeUploadFrame, hex, TICKET_BLOBS } from '@relay/protocol';
import type { Pool } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import {
  ADD_TICKET,
  FETCH,
  INSERT,
  NOTIFY,
  SELL,
  SESSION,
  SET_FETCH,
  SPEND,
  STANDING,
} from './statements.ts';

/** Later than any measurement ends, in whole minutes and hours from the Unix epoch. */
const FAR_MINUTE = 2_000_000_000;
const FAR_HOUR = 2_000_000_000;
const MAILBOX_MAX_BLOBS = 32_768;
/** Of the one issuer key there is. */
const EPOCH = 1;

/** The relay's statements on bare `pg`, for one mailbox and one session. */
export type BareStore = Awaited<ReturnType<typeof openBareStore>>;

/**
 * Opens a database that is migrated and holds a member: the first one by key hash is the mailbox.
 * @param pool the caller's to end
 */
export async function openBareStore(pool: Pool) {
  const found = await pool.query<{ key_hash: Buffer }>(
    'SELECT key_hash FROM member ORDER BY key_hash LIMIT 1',
  );
  const mailbox = found.rows[0]?.key_hash;
  if (!mailbox) throw new Error('the database holds no member');
  const session = randomBytes(32);
  await pool.query('INSERT INTO session (token_hash, key_hash, expiry_minute) VALUES ($1, $2, $3)', [
    session,
    mailbox,
    FAR_MINUTE,
  ]);
  const key = 'INSERT INTO issuer_key (epoch, secret, public_key) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING';
  await pool.query(key, [EPOCH, randomBytes(32)]);
  const run = (name: string, text: string, values: unknown[]) => pool.query({ name, text, values });
  const authenticate = () => run('session', SESSION, [session, 0]);

  async function addTicket(blobs: number): Promise<Buffer> {
    const ticket = randomBytes(32);
    await run('add-ticket', ADD_TICKET, [ticket, mailbox, blobs, FAR_MINUTE]);
    return ticket;
  }

  return {
    /** Makes tickets for `blobs` blobs ahead of a measurement, as many as the relay would sell. */
    async tickets(blobs: number): Promise<Buffer[]> {
      const count = Math.ceil(blobs / TICKET_BLOBS);
      return Promise.all(Array.from({ length: count }, () => addTicket(TICKET_BLOBS)));
    },

    /** All statements of buying a ticket; resolves to it, 32 bytes. */
    async buyTicket(): Promise<Buffer> {
      const [nonceHash, ticket] = [randomBytes(32), randomBytes(32)];
      await run('standing', STANDING, [mailbox, EPOCH, nonceHash, 0, MAILBOX_MAX_BLOBS, 0]);
      await run('sell', SELL, [EPOCH, nonceHash, ticket, mailbox, TICKET_BLOBS, FAR_MINUTE]);
      return ticket;
    },

    /** Both statements of an upload. */
    async upload(ticket: Uint8Array, frame: Uint8Array): Promise<void> {
      const { rows } = await run('spend', SPEND, [ticket, 0]);
      const { id, readHash, deleteHash, blob } = decodeUploadFrame(frame);
      const values = [id, rows[0]?.mailbox, FAR_HOUR, readHash, deleteHash, blob, 0];
      const { rowCount } = await run('insert', INSERT, values);
      if (rowCount !== 1) throw new Error('a blob was not stored');
    },

    /** Tells whoever listens of an arrival. */
    async notify(id: Uint8Array): Promise<void> {
      await run('notify', NOTIFY, [hex(id)]);
    },

    /**
     * All statements of a fetch.
     * @param ids 16 bytes each
     * @param take gets the rows in PostgreSQL's own binary COPY format
     */
    async fetch(
      ids: readonly Uint8Array[],
      take: (rows: NodeJS.ReadableStream) => Promise<void>,
    ): Promise<void> {
      await authenticate();
      const client = await pool.connect();
      try {
        await client.query(SET_FETCH, [hex(mailbox), '0', ids.map(hex).join(',')]);
        await take(client.query(copyTo(`COPY (${FETCH}) TO STDOUT (FORMAT binary)`)));
      } finally {
        client.release();
      }
    },
  };
}
