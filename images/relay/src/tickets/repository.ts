import type { Bytes } from '@relay/protocol/wire';
import type { Database } from '../database/pools.ts';

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

const SPEND = `UPDATE ticket SET remaining = remaining - 1
  WHERE ticket_hash = $1 AND remaining > 0 AND expiry_minute > $2 RETURNING mailbox`;

/** @param database every method throws its errors */
export function createTicketRepository({ prisma, pool }: Pick<Database, 'prisma' | 'pool'>) {
  return {
    async hasMailbox(keyHash: Bytes): Promise<boolean> {
      return (await prisma.member.findUnique({ where: { keyHash } })) !== null;
    },

    /** Blobs in a mailbox that are alive at `hour`, counted up to `most`. */
    async countBlobs(mailbox: Bytes, hour: number, most: number): Promise<number> {
      return prisma.blob.count({ where: { mailbox, expiryHour: { gt: hour } }, take: most });
    },

    /** Throws the foreign-key error when the member is gone. */
    async addTicket(ticket: StoredTicket): Promise<void> {
      await prisma.ticket.createMany({ data: ticket });
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
