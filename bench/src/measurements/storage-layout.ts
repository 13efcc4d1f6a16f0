import { decodeUploadFrame } from '@relay/protocol';
import { CONNECTIONS } from '../floors/routes.ts';
import { INSERT } from '../floors/statements.ts';
import { inLanes, rateOf } from '../load/clock.ts';
import { makeFrames } from '../load/frames.ts';
import type { Measurement } from '../measurement.ts';

const FAR_HOUR = 2_000_000_000;

/** The same columns, checks and indexes, with bodies in a table of their own. */
const SPLIT_TABLES = `
  DROP TABLE IF EXISTS blob_meta, blob_body;
  CREATE TABLE blob_meta (
    id BYTEA PRIMARY KEY CHECK (octet_length(id) = 16),
    mailbox BYTEA NOT NULL REFERENCES member (key_hash) ON DELETE CASCADE ON UPDATE CASCADE,
    expiry_hour INTEGER NOT NULL,
    read_hash BYTEA NOT NULL CHECK (octet_length(read_hash) = 32),
    delete_hash BYTEA NOT NULL CHECK (octet_length(delete_hash) = 32)
  );
  CREATE INDEX ON blob_meta (mailbox, id, expiry_hour);
  CREATE INDEX ON blob_meta (expiry_hour);
  CREATE TABLE blob_body (
    id BYTEA PRIMARY KEY CHECK (octet_length(id) = 16),
    body BYTEA NOT NULL CHECK (octet_length(body) = 65536)
  );
  ALTER TABLE blob_body ALTER COLUMN body SET STORAGE EXTERNAL`;

/** What {@link INSERT} does, in two tables at once. */
const SPLIT_INSERT = `WITH meta AS (
    INSERT INTO blob_meta (id, mailbox, expiry_hour, read_hash, delete_hash) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (id) DO UPDATE SET mailbox = excluded.mailbox, expiry_hour = excluded.expiry_hour,
      read_hash = excluded.read_hash, delete_hash = excluded.delete_hash
    WHERE blob_meta.expiry_hour <= $7 RETURNING id)
  INSERT INTO blob_body (id, body) SELECT id, $6 FROM meta ON CONFLICT (id) DO UPDATE SET body = excluded.body`;

/** What a second table for the bodies would cost; decides nothing by itself (`docs/decisions/`). */
export const storageLayout: Measurement = {
  name: 'storage-layout',
  title: `insert, ${CONNECTIONS} at once`,
  unit: 'blobs/s',
  quantiles: [0.5],
  async prepare(world, { uploads }) {
    const { pool } = await world.floor();
    const { recipient } = await world.circle();
    const mailbox = recipient.keys.keyHash;
    const frames = makeFrames(uploads).map(decodeUploadFrame);
    await pool.query(SPLIT_TABLES);

    async function trial(name: string, text: string, tables: string) {
      const sample = await rateOf(frames.length, () =>
        inLanes(frames, CONNECTIONS, async ({ id, readHash, deleteHash, blob }) => {
          const values = [id, mailbox, FAR_HOUR, readHash, deleteHash, blob, 0];
          const { rowCount } = await pool.query({ name, text, values });
          if (rowCount !== 1) throw new Error('a blob was not stored');
        }),
      );
      await pool.query(`TRUNCATE ${tables}`);
      return { samples: [sample] };
    }

    return {
      subject: { name: 'one table', run: () => trial('insert-one', INSERT, 'blob') },
      floors: [
        {
          name: 'two tables, metadata and bodies',
          run: () => trial('insert-split', SPLIT_INSERT, 'blob_meta, blob_body'),
        },
      ],
      close: async () => {
        await pool.query('DROP TABLE blob_meta, blob_body');
      },
    };
  },
};
