import type { Bytes, MailboxEntry } from '@relay/protocol/wire';
import { hex } from '@relay/protocol/wire';
import { copyFrames } from '../blobs/copy.ts';
import type { Database } from '../database/pools.ts';

/** Blobs, for the owner of their mailbox. */
export type MailboxRepository = ReturnType<typeof createMailboxRepository>;

// By `pg`: a mailbox has thousands of rows, and needs nothing of Prisma.
const LIST = `SELECT id, expiry_hour AS "expiryHour" FROM blob WHERE mailbox = $1 AND expiry_hour > $2 ORDER BY id`;

const FETCH = `SELECT id || body FROM blob
  WHERE mailbox = decode(current_setting('relay.mailbox'), 'hex') AND expiry_hour > current_setting('relay.hour')::integer
    AND id IN (SELECT decode(wanted, 'hex') FROM unnest(string_to_array(current_setting('relay.ids'), ',')) AS wanted)`;

const EMPTY = `DELETE FROM blob WHERE id IN (SELECT id FROM blob WHERE mailbox = $1 LIMIT $2)
  RETURNING expiry_hour > $3 AS "isAlive"`;

/** @param database every method throws its errors */
export function createMailboxRepository({ prisma, pool, streams }: Database) {
  return {
    /** The blobs of a mailbox that are alive at `hour`, sorted by id, so that their order tells nothing. */
    async list(mailbox: Bytes, hour: number): Promise<MailboxEntry[]> {
      const query = { name: 'mailbox-list', text: LIST, values: [mailbox, hour] };
      const { rows } = await pool.query<MailboxEntry>(query);
      return rows;
    },

    /** Streams the frames of the named blobs of a mailbox, that are alive at `hour`. */
    fetch(mailbox: Bytes, ids: readonly Bytes[], hour: number, gone: AbortSignal): AsyncIterable<Uint8Array> {
      const parameters = { mailbox: hex(mailbox), hour: String(hour), ids: ids.map(hex).join(',') };
      return copyFrames(streams, { select: FETCH, parameters }, gone);
    },

    /** Removes the named blobs of a mailbox, that are alive at `hour`; resolves to their number. */
    async remove(mailbox: Bytes, ids: readonly Bytes[], hour: number): Promise<number> {
      const { count } = await prisma.blob.deleteMany({
        where: { mailbox, id: { in: [...ids] }, expiryHour: { gt: hour } },
      });
      return count;
    },

    /**
     * Removes up to `most` blobs of a mailbox, also those that have expired unnoticed.
     * @returns the number of all that were removed, and of those among them that were alive at `hour`
     */
    async removeSome(mailbox: Bytes, most: number, hour: number): Promise<{ all: number; alive: number }> {
      const { rows } = await pool.query<{ isAlive: boolean }>(EMPTY, [mailbox, most, hour]);
      return { all: rows.length, alive: rows.filter(({ isAlive }) => isAlive).length };
    },
  };
}
