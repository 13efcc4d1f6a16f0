import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Arrival } from '../blobs/service.ts';
import { CHANNELS, encodeArrivals, MAX_ARRIVALS } from './channels.ts';

/** Tells all relay processes of arrivals. */
export interface Announcer {
  /** Tells of an arrival that is on disk. Returns at once. */
  announce(arrival: Arrival): void;
  /** Resolves when what is waiting was sent, or could not be. */
  close(): Promise<void>;
}

const RETRY_MS = 500;

/**
 * Makes the announcer. It sends beside the uploads, not within their transactions, whose commits would otherwise wait for each other's flush to disk;
 * and what piles up while one statement is under way goes with the next. When the database fails it, it owes everyone a
 * resync, and sends that as soon as it can.
 */
export function createAnnouncer(pool: Pool): Announcer {
  let waiting: Arrival[] = [];
  let owesResync = false;
  let running: Promise<void> | undefined;
  const closing = new AbortController();

  async function send(): Promise<void> {
    try {
      while (waiting.length > 0 || owesResync) if (!(await sendNext())) return;
    } finally {
      // In the same turn as the last look at what waits: what is announced right after would not be sent.
      running = undefined;
    }
  }

  /** @returns false when it is not worth another try */
  async function sendNext(): Promise<boolean> {
    const payloads = owesResync ? [] : [encodeArrivals(waiting.splice(0, MAX_ARRIVALS))];
    const channel = owesResync ? CHANNELS.resync : CHANNELS.arrivals;
    try {
      await pool.query('SELECT pg_notify($1, $2)', [channel, payloads[0] ?? '']);
      owesResync = false;
    } catch {
      waiting = [];
      owesResync = true;
      if (closing.signal.aborted) return false;
      await sleep(RETRY_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
    return true;
  }

  return {
    announce(arrival) {
      // The frame's buffer must not be held for its id.
      waiting.push({ ...arrival, mailbox: arrival.mailbox.slice(), id: Uint8Array.from(arrival.id) });
      running ??= send();
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
