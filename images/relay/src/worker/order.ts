import { setTimeout as sleep } from 'node:timers/promises';
import { EXPIRY_JITTER_HOURS, RETENTION_HOURS } from '@relay/protocol/wire';
import type { Pool, QueryConfig } from 'pg';
import type { Now } from '../time.ts';
import { currentHour, DAY_MS, HOUR_MS } from '../time.ts';

/** Blobs in one statement, for which uploads and deletions wait: 2 MiB. */
const BATCH = 32;
/** A day with no more blobs than this is written anew whenever one came: 256 MiB. */
const SMALL_DAY = 4_096;
/** A larger day waits until it has grown or shrunk by this part, which bounds how often each of its blobs is written. */
const NEW_PART = 1 / 4;
const HOURS_PER_DAY = 24;
/** How often it is asked whether listeners have read on, and how long it waits between, in milliseconds. */
const LISTENER_TURNS = 40;
const LISTENER_MS = 50;
/** After a day is over it is written twice: the second time fills the space in which the last rows had lain as they came. */
const LAST_TIMES = 2;

const REWRITE = 'SELECT last, moved FROM rewrite_blobs($1, $2, $3, $4)';
// The sum tells one set of blobs from another of as many.
const CONTENT = `SELECT count(*)::integer AS count, coalesce(sum(hashtextextended(encode(id, 'hex'), 0)), 0)::text AS sum
  FROM blob WHERE expiry_hour BETWEEN $1 AND $2`;
const MAY_FLUSH = `SELECT has_function_privilege('pg_switch_wal()', 'EXECUTE')
  AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'pg_checkpoint' AND pg_has_role(oid, 'USAGE')) AS "mayFlush"`;
// What the relay does is not counted in the appliance, so PostgreSQL does not clean up by itself.
const CLEAN_UP =
  'VACUUM (SKIP_LOCKED, INDEX_CLEANUP ON) blob, spent_token, challenge, session, ticket, token_draw';
// Each takes a page of the queue in which the server keeps what it tells its listeners; a file of it has 32, and goes when all of it is old.
const FILL_QUEUE = `SELECT pg_notify('relay_filler', lpad(i::text, 7900, '0')) FROM generate_series(1, 72) AS i`;

/** The order of arrival, taken out of what is stored (docs/decisions/0021). */
export interface OrderWork {
  /**
   * Once an hour, writes the blobs of today and yesterday anew where any came since, in the order of their ids, and lets go of the files that tell how they came.
   * @returns how many blobs were written; undefined when it was not yet time
   * @throws the database's own error; the next turn does what was left undone
   */
  tick(): Promise<number | undefined>;
}

/**
 * The hours of expiry that blobs of one day have, but for the last one, which is the first one of the next day too and goes with that.
 * @param day days from the Unix epoch
 */
function hoursOf(day: number): [from: number, to: number] {
  const middle = (day + 1) * HOURS_PER_DAY + RETENTION_HOURS;
  return [middle - EXPIRY_JITTER_HOURS, middle + EXPIRY_JITTER_HOURS - 1];
}

/**
 * Writes all blobs of a day anew, in the order of their ids, in many short transactions. Stopped at any of them, every blob is there, once.
 * @param day of arrival, in days from the Unix epoch
 * @param stop checked between transactions
 * @returns how many
 * @throws the database's own error
 */
export async function rewriteDay(pool: Pool, day: number, stop?: AbortSignal): Promise<number> {
  const hours = hoursOf(day);
  let after: Uint8Array = new Uint8Array();
  let sum = 0;
  const client = await pool.connect();
  let isSound = false;
  try {
    // Lost in a crash, it has not happened, and the rows lie where they lay.
    await client.query('SET synchronous_commit = off');
    while (!stop?.aborted) {
      const { rows } = await client.query<{ last: Buffer; moved: number }>(REWRITE, [after, ...hours, BATCH]);
      const [batch] = rows;
      if (batch === undefined) break;
      sum += batch.moved;
      after = batch.last;
    }
    // Moves nothing and waits for the disk, once for all of them: until then nothing could be cleaned up after them.
    await client.query('RESET synchronous_commit');
    await client.query(REWRITE, [after, ...hours, 0]);
    isSound = true;
    return sum;
  } finally {
    client.release(!isSound);
  }
}

/** A statement that may take its time: what is large takes longer to clean up than any request may take. */
const patient = (text: string): QueryConfig & { query_timeout: number } => ({ text, query_timeout: HOUR_MS });

async function queueUsage(pool: Pool): Promise<number> {
  return (
    (await pool.query<{ usage: number }>('SELECT pg_notification_queue_usage() AS usage')).rows[0]?.usage ?? 0
  );
}

/**
 * Lets go of what tells how rows came and is needed no more: rows that were moved or deleted, the queue of announcements, and the write-ahead log, where the role may do that.
 * @throws the database's own error
 */
export async function dropOldTraces(pool: Pool): Promise<void> {
  await pool.query(patient(CLEAN_UP));
  await pool.query(FILL_QUEUE);
  // Files of the queue go when every listener has read on, which takes each a moment; asking how full it is makes the server look.
  for (let turn = 0; turn < LISTENER_TURNS && (await queueUsage(pool)) > 0; turn++) await sleep(LISTENER_MS);
  const { rows } = await pool.query<{ mayFlush: boolean }>(MAY_FLUSH);
  if (!rows[0]?.mayFlush) return;
  // A segment goes with the first checkpoint that began after it was full.
  await pool.query('SELECT pg_switch_wal()');
  await pool.query(patient('CHECKPOINT'));
}

/** Which blobs a day has. */
interface Content {
  count: number;
  /** Of numbers that stand for their ids. */
  sum: string;
}

/** What is known of a day that was written anew. */
interface Written extends Content {
  /** How often it was written after it was over. */
  lastTimes: number;
}

/** Makes it. @param stop ends what is under way between two transactions */
export function createOrderWork(pool: Pool, now: Now, stop?: AbortSignal): OrderWork {
  const days = new Map<number, Written>();
  let doneIn: number | undefined;

  const contentOf = async (day: number) =>
    (await pool.query<Content>(CONTENT, hoursOf(day))).rows[0] as Content;

  function isDue({ count, sum }: Content, written: Written | undefined, isOver: boolean): boolean {
    if ((written?.lastTimes ?? 0) >= LAST_TIMES) return false;
    if (isOver) return count > 0;
    if (count > SMALL_DAY) return Math.abs(count - (written?.count ?? 0)) > count * NEW_PART;
    // What came and what went may make up for each other in number.
    return count > 0 && sum !== written?.sum;
  }

  return {
    tick: async () => {
      const hour = currentHour(now());
      if (doneIn === hour) return undefined;
      const today = Math.floor(now() / DAY_MS);
      let sum = 0;
      for (const day of [today - 1, today, today + 1]) {
        const isOver = day < today;
        const written = days.get(day);
        // As it is before: what comes meanwhile may be passed over, and is new the next time.
        const content = await contentOf(day);
        if (!isDue(content, written, isOver)) continue;
        sum += await rewriteDay(pool, day, stop);
        if (stop?.aborted) return sum;
        days.set(day, { ...content, lastTimes: isOver ? (written?.lastTimes ?? 0) + 1 : 0 });
      }
      days.delete(today - 2);
      await dropOldTraces(pool);
      doneIn = hour;
      return sum;
    },
  };
}
