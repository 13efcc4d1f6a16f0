import { addAbortSignal } from 'node:stream';
import { BLOB_FRAME_BYTES } from '@relay/protocol/wire';
import type { Pool } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** Before all rows of a binary COPY: signature, flags, length of an extension that is never there. */
const HEADER_BYTES = 19;
/** Before each row of one column: number of columns (u16), length of the column (u32). */
const ROW_PREFIX_BYTES = 6;

/**
 * Cuts blob frames out of PostgreSQL's binary COPY format, whose rows here are all of one column and one size. The end mark is
 * shorter than a row's prefix, so it falls away by itself.
 *
 * @returns takes the stream piece by piece, in pieces of any size; yields views of them without what belongs to the format
 */
export function frameCutter(): (piece: Buffer) => Generator<Buffer, void> {
  let skip = HEADER_BYTES + ROW_PREFIX_BYTES;
  let keep = 0;
  return function* cut(piece) {
    let offset = 0;
    while (offset < piece.length) {
      const from = offset;
      if (skip > 0) {
        offset = Math.min(piece.length, from + skip);
        skip -= offset - from;
        if (skip === 0) keep = BLOB_FRAME_BYTES;
      } else {
        offset = Math.min(piece.length, from + keep);
        keep -= offset - from;
        yield piece.subarray(from, offset);
        if (keep === 0) skip = ROW_PREFIX_BYTES;
      }
    }
  };
}

/** A query for blob frames. */
export interface FrameQuery {
  /** A SELECT of one column, `id || body`. COPY takes no parameters; it reads `current_setting('relay.…')`. */
  select: string;
  /** The parameters, by name without `relay.`. So ids never stand in the text of a statement, which databases log and show. */
  parameters: Readonly<Record<string, string>>;
}

/**
 * Streams blob frames at the pace of the reader. The connection is given back when all was read, and closed when the reader left
 * early or anything failed.
 *
 * @param gone fires when the reader has left
 * @throws the database's own error, also in mid-stream
 */
export async function* copyFrames(
  pool: Pool,
  query: FrameQuery,
  gone: AbortSignal,
): AsyncGenerator<Buffer, void> {
  const client = await pool.connect();
  let complete = false;
  try {
    const entries = Object.entries(query.parameters);
    const calls = entries.map(([name], i) => `set_config('relay.${name}', $${i + 1}, false)`);
    await client.query(
      `SELECT ${calls.join(', ')}`,
      entries.map(([, value]) => value),
    );
    gone.throwIfAborted();
    const cut = frameCutter();
    const rows = client.query(copyTo(`COPY (${query.select}) TO STDOUT (FORMAT binary)`));
    for await (const piece of addAbortSignal(gone, rows)) yield* cut(piece);
    complete = true;
  } finally {
    client.release(!complete);
  }
}
