import type { UploadFrame } from '@relay/protocol/wire';
import { hex } from '@relay/protocol/wire';
import type { Database } from '../database/pools.ts';
import { copyFrames } from './copy.ts';

/** A blob as it is stored. */
export interface StoredBlob extends UploadFrame {
  /** Key hash of the recipient, 32 bytes. */
  mailbox: Uint8Array;
  /** The hour at which it expires. */
  expiryHour: number;
}

/** A blob id with the hash of one of its secrets. */
export interface HashedCapability {
  /** 16 bytes. */
  id: Uint8Array<ArrayBuffer>;
  /** 32 bytes. */
  hash: Uint8Array<ArrayBuffer>;
}

/** Blobs, for those who hold a ticket or a capability. */
export type BlobRepository = ReturnType<typeof createBlobRepository>;

// An expired blob that the worker has not yet removed is not there, so its id is free.
const INSERT = `INSERT INTO blob (id, mailbox, expiry_hour, read_hash, delete_hash, body) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (id) DO UPDATE SET mailbox = excluded.mailbox, expiry_hour = excluded.expiry_hour,
    read_hash = excluded.read_hash, delete_hash = excluded.delete_hash, body = excluded.body
  WHERE blob.expiry_hour <= $7`;

// Everything is compared whatever differs: AND would leave the rest out, and so tell whose mailbox the blob is in.
const COMPARE = `SELECT expiry_hour AS "expiryHour",
    (mailbox = $2)::integer & (read_hash = $3)::integer & (delete_hash = $4)::integer & (body = $5)::integer = 1 AS same FROM blob WHERE id = $1`;

const READ = `SELECT id || body FROM blob
  WHERE expiry_hour > current_setting('relay.hour')::integer AND (id, read_hash) IN (
    SELECT decode(wanted.id, 'hex'), decode(wanted.hash, 'hex')
    FROM unnest(string_to_array(current_setting('relay.ids'), ','), string_to_array(current_setting('relay.hashes'), ','))
      AS wanted (id, hash))`;

/** @param database every method throws its errors */
export function createBlobRepository({ prisma, pool, streams }: Database) {
  return {
    /**
     * Stores a blob; resolves when it is on disk.
     * @param hour the current hour
     * @returns false when a blob of that id is there, alive
     */
    async insert(blob: StoredBlob, hour: number): Promise<boolean> {
      const { id, mailbox, expiryHour, readHash, deleteHash, blob: body } = blob;
      const values = [id, mailbox, expiryHour, readHash, deleteHash, body, hour];
      const { rowCount } = await pool.query({ name: 'blob-insert', text: INSERT, values });
      return rowCount === 1;
    },

    /** Compares a frame with the blob of its id; undefined when there is none (any more). */
    async compare(
      blob: Omit<StoredBlob, 'expiryHour'>,
    ): Promise<{ same: boolean; expiryHour: number } | undefined> {
      const values = [blob.id, blob.mailbox, blob.readHash, blob.deleteHash, blob.blob];
      const { rows } = await pool.query<{ same: boolean; expiryHour: number }>(COMPARE, values);
      return rows[0];
    },

    /** Streams the frames of all blobs whose read secret is proven, that are alive at `hour`. */
    read(
      capabilities: readonly HashedCapability[],
      hour: number,
      gone: AbortSignal,
    ): AsyncIterable<Uint8Array> {
      const parameters = {
        hour: String(hour),
        ids: capabilities.map(({ id }) => hex(id)).join(','),
        hashes: capabilities
          .map(({ hash }) => hash)
          .map(hex)
          .join(','),
      };
      return copyFrames(streams, { select: READ, parameters }, gone);
    },

    /** Removes all blobs whose delete secret is proven, that are alive at `hour`; resolves to their number. */
    async remove(capabilities: readonly HashedCapability[], hour: number): Promise<number> {
      const proven = capabilities.map(({ id, hash }) => ({ id, deleteHash: hash }));
      const { count } = await prisma.blob.deleteMany({ where: { OR: proven, expiryHour: { gt: hour } } });
      return count;
    },
  };
}
