import type { Bytes } from '@relay/protocol/wire';
import type { Database } from '../database/pools.ts';
import type { SoundToken } from '../tokens/service.ts';

/** What is stored of a ticket: whose mailbox it opens, never who bought it. */
export interface StoredTicket {
  /** 32 bytes. */
  ticketHash: Bytes;
  /** Key hash of the recipient, 32 bytes. */
  mailbox: Bytes;
  /** Blobs that it still carries. */
  remaining: number;
  /** The minute at which it ends. */
  expiryMinute: number;
}

/** Tickets. */
export type TicketRepository = ReturnType<typeof createTicketRepository>;

/** What a token and a recipient are at the relay. */
export interface Standing {
  /** The recipient has a mailbox. */
  isKnown: boolean;
  /** The token bought a ticket before. */
  isSpent: boolean;
  /** Blobs in the mailbox that are alive, counted no further than asked for; 0 where the token is spent. */
  blobs: number;
  /** Blobs that its tickets may still bring; 0 where the token is spent. */
  promised: number;
}

// Whoever shows a spent token, which costs nothing, learns from no time what is in a mailbox: nothing is counted for it.
const STANDING = `WITH standing AS MATERIALIZED (SELECT EXISTS (SELECT FROM member WHERE key_hash = $1) AS is_known,
    EXISTS (SELECT FROM spent_token WHERE epoch = $2 AND nonce_hash = $3) AS is_spent)
  SELECT is_known AS "isKnown", is_spent AS "isSpent", CASE WHEN is_spent THEN 0 ELSE
    (SELECT count(*)::integer FROM (SELECT FROM blob WHERE mailbox = $1 AND expiry_hour > $4 LIMIT $5) AS alive)
  END AS blobs, CASE WHEN is_spent THEN 0 ELSE
    (SELECT coalesce(sum(remaining), 0)::integer FROM ticket WHERE mailbox = $1 AND expiry_minute > $6)
  END AS promised FROM standing`;

// One step: of however many at once, one records the nonce, and it alone makes a ticket. A revocation under way ends the key first or waits.
const SELL = `WITH key AS (SELECT epoch FROM issuer_key WHERE epoch = $1 AND secret IS NOT NULL),
  spent AS (INSERT INTO spent_token (epoch, nonce_hash) SELECT epoch, $2 FROM key ON CONFLICT DO NOTHING RETURNING epoch),
  sold AS (INSERT INTO ticket (ticket_hash, mailbox, remaining, expiry_minute) SELECT $3, $4, $5, $6 FROM spent RETURNING 1)
  SELECT EXISTS (SELECT FROM key) AS live, EXISTS (SELECT FROM sold) AS sold`;

const SPEND = `UPDATE ticket SET remaining = remaining - 1
  WHERE ticket_hash = $1 AND remaining > 0 AND expiry_minute > $2 RETURNING mailbox`;

/** @param database every method throws its errors */
export function createTicketRepository({ pool }: Pick<Database, 'pool'>) {
  return {
    /** Blobs are counted that are alive at `hour`, up to `most`, and tickets that are alive at `minute`. */
    async standing(
      mailbox: Bytes,
      { epoch, nonceHash }: SoundToken,
      { hour, most, minute }: { hour: number; most: number; minute: number },
    ): Promise<Standing> {
      const values = [mailbox, epoch, nonceHash, hour, most, minute];
      const { rows } = await pool.query<Standing>({ name: 'token-standing', text: STANDING, values });
      return rows[0] as Standing;
    },

    /**
     * Records a token as spent, on disk, and adds the ticket; both or neither.
     * @returns `ended` when its key is gone, `spent` when it was spent before
     * @throws the foreign-key error when the member or the key goes at the same moment
     */
    async sell({ epoch, nonceHash }: SoundToken, ticket: StoredTicket): Promise<'sold' | 'ended' | 'spent'> {
      const { ticketHash, mailbox, remaining, expiryMinute } = ticket;
      const values = [epoch, nonceHash, ticketHash, mailbox, remaining, expiryMinute];
      const { rows } = await pool.query<{ live: boolean; sold: boolean }>({
        name: 'ticket-sell',
        text: SELL,
        values,
      });
      if (rows[0]?.sold) return 'sold';
      return rows[0]?.live ? 'spent' : 'ended';
    },

    /**
     * Takes one blob off a ticket that is alive at `minute`. The statement stands alone: the table is unlogged, so uploads under the same
     * ticket wait for each other only as long as it takes, never for a disk.
     * @returns the mailbox it opens; undefined when the ticket is unknown, spent or expired
     */
    async spend(ticketHash: Bytes, minute: number): Promise<Bytes | undefined> {
      const values = [ticketHash, minute];
      const { rows } = await pool.query<{ mailbox: Bytes }>({ name: 'ticket-spend', text: SPEND, values });
      return rows[0]?.mailbox;
    },
  };
}
