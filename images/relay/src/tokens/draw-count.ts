import type { Bytes } from '@relay/protocol/wire';
import { RelayError, TOKEN_BATCH } from '@relay/protocol/wire';
import type { Pool } from 'pg';
import { isMissingMember } from '../database/faults.ts';
import type { Now } from '../time.ts';
import { DAY_MS } from '../time.ts';

/** Counts what each member draws in a day. */
export interface DrawCount {
  /**
   * Takes one batch of a member (key hash, 32 bytes).
   * @throws RelayError `rate_limited` with the seconds until the day ends; `unauthenticated` when the member is gone
   */
  take(member: Bytes): Promise<void>;
}

// One row for each member: the first batch of a new day takes the place of what was counted before.
const TAKE = `INSERT INTO token_draw (key_hash, day, batches) VALUES ($1, $2, 1)
  ON CONFLICT (key_hash) DO UPDATE SET
    day = excluded.day, batches = CASE WHEN token_draw.day = excluded.day THEN token_draw.batches + 1 ELSE 1 END
  WHERE token_draw.day <> excluded.day OR token_draw.batches < $3`;

/**
 * Counts in the database, for all processes together. Days are those of UTC.
 * @param tokensPerDay of one member; what is over whole batches is not given out
 */
export function createDrawCount(pool: Pool, tokensPerDay: number, now: Now): DrawCount {
  const batches = Math.floor(tokensPerDay / TOKEN_BATCH);
  return {
    take: async (member) => {
      const day = Math.floor(now() / DAY_MS);
      const values = [member, day, batches];
      const { rowCount } = await pool
        .query({ name: 'token-draw', text: TAKE, values })
        .catch((error: unknown) => {
          throw isMissingMember(error) ? new RelayError('unauthenticated') : error;
        });
      if (rowCount === 1) return;
      const retryAfter = Math.max(1, Math.ceil(((day + 1) * DAY_MS - now()) / 1000));
      const message = 'This identity has drawn all of its tokens for today. More come at midnight UTC.';
      throw new RelayError('rate_limited', message, { retryAfter });
    },
  };
}
