import type { Pool } from 'pg';
import type { Now } from '../time.ts';
import { currentHour, DAY_MS } from '../time.ts';
import { createIssuerKeys } from '../tokens/keys.ts';

// Rows of a table tell in which order they came, by where they lie and by their transactions. Written anew in the order of their hashes, by one
// transaction, they tell no more.
const SHUFFLE = `WITH gone AS (DELETE FROM spent_token RETURNING epoch, nonce_hash)
  INSERT INTO spent_token (epoch, nonce_hash) SELECT epoch, nonce_hash FROM gone ORDER BY epoch, nonce_hash`;

/** What the worker does for blind tokens (SPEC.md §22.1, §22.2). */
export interface TokenWork {
  /**
   * Rolls the issuer key where it is due, removes keys that have ended with what was spent of them, forgets what members drew on earlier days,
   * and once an hour takes the order out of what was spent and of who drew.
   * @throws the database's own error; the next turn does what was left undone
   */
  tick(): Promise<void>;
}

/** Makes it. */
export function createTokenWork(pool: Pool, now: Now): TokenWork {
  const keys = createIssuerKeys(pool, now);
  let shuffledIn: number | undefined;
  let shuffled: number | undefined;

  return {
    tick: async () => {
      const day = Math.floor(now() / DAY_MS);
      await keys.list();
      await keys.removeEnded();
      await pool.query('DELETE FROM token_draw WHERE day < $1', [day]);
      const hour = currentHour(now());
      if (shuffledIn === hour) return;
      const { rows } = await pool.query<{ n: number }>('SELECT count(*)::integer AS n FROM spent_token');
      // None goes but with its key, and then many do.
      if (rows[0]?.n !== shuffled) shuffled = (await pool.query(SHUFFLE)).rowCount ?? 0;
      await pool.query('SELECT rewrite_draws()');
      // Until then the old rows still lie there.
      await pool.query('VACUUM (SKIP_LOCKED) spent_token, token_draw');
      shuffledIn = hour;
    },
  };
}
