import { decodeUploadFrame } from '@relay/protocol';
import { CONNECTIONS } from '../floors/routes.ts';
import { INSERT } from '../floors/statements.ts';
import { inLanes, rateOf } from '../load/clock.ts';
import { makeFrames } from '../load/frames.ts';
import type { Measurement } from '../measurement.ts';

const FAR_HOUR = 2_000_000_000;
/** As the worker does it. */
const BATCH = 32;
const REWRITE = 'SELECT last, moved FROM rewrite_blobs($1, $2, $2, $3)';

/** What it costs to take the order of arrival out of stored blobs (`docs/decisions/0021`), beside storing them. */
export const rewriteDay: Measurement = {
  name: 'rewrite-day',
  title: 'write stored blobs anew',
  unit: 'blobs/s',
  quantiles: [0.5],
  async prepare(world, { uploads }) {
    const { pool } = await world.floor();
    const { recipient } = await world.circle();
    const mailbox = recipient.keys.keyHash;

    const fresh = () => makeFrames(uploads).map(decodeUploadFrame);
    const fill = (frames: ReturnType<typeof fresh>) =>
      inLanes(frames, CONNECTIONS, async (frame) => {
        const { id, readHash, deleteHash, blob } = frame;
        const values = [id, mailbox, FAR_HOUR, readHash, deleteHash, blob, 0];
        await pool.query({ name: 'rewrite-insert', text: INSERT, values });
      });

    async function rewrite(): Promise<void> {
      const client = await pool.connect();
      try {
        await client.query('SET synchronous_commit = off');
        let after: Uint8Array | undefined = new Uint8Array();
        let sum = 0;
        while (after !== undefined) {
          const { rows }: { rows: { last: Uint8Array; moved: number }[] } = await client.query(REWRITE, [
            ...[after, FAR_HOUR, BATCH],
          ]);
          sum += rows[0]?.moved ?? 0;
          after = rows[0]?.last;
        }
        if (sum !== uploads) throw new Error(`${sum} blobs were written anew, not ${uploads}`);
      } finally {
        await client.query('RESET synchronous_commit');
        client.release();
      }
    }

    return {
      subject: {
        name: 'in the order of their ids',
        run: async () => {
          await fill(fresh());
          const sample = await rateOf(uploads, rewrite);
          await pool.query('TRUNCATE blob');
          return { samples: [sample] };
        },
      },
      floors: [
        {
          name: `their insert on bare pg, ${CONNECTIONS} at once`,
          run: async () => {
            const frames = fresh();
            const sample = await rateOf(uploads, () => fill(frames));
            await pool.query('TRUNCATE blob');
            return { samples: [sample] };
          },
        },
      ],
      close: async () => {},
    };
  },
};
