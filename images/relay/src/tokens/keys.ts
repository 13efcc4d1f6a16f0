import type { Bytes, OprfKeyPair } from '@relay/protocol/wire';
import { ISSUER_KEY_HOURS, ISSUER_OVERLAP_HOURS, makeOprfKeyPair } from '@relay/protocol/wire';
import type { Pool } from 'pg';
import type { Now } from '../time.ts';
import { currentHour } from '../time.ts';

/** A key that tokens are issued under (SPEC.md §22.1). */
export interface IssuerKeyPair extends OprfKeyPair {
  /** The hour in which it was made, or a higher number. */
  epoch: number;
}

/** The keys of the relay, which all its processes share. Every method throws the database's errors. */
export type IssuerKeys = ReturnType<typeof createIssuerKeys>;

/** Keeps processes from making two keys at once; any number that nothing else locks. */
const LOCK = 1_953_454_699;

const LIVE = `SELECT epoch, secret, public_key AS "publicKey" FROM issuer_key
  WHERE secret IS NOT NULL AND epoch > $1 ORDER BY epoch DESC LIMIT 4`;
// The highest epoch of all is looked for in the same statement that adds: nobody else adds meanwhile, because of the lock.
const ADD = `INSERT INTO issuer_key (epoch, secret, public_key)
  SELECT greatest($1, max(epoch) + 1), $2, $3 FROM issuer_key`;

/** The hour at which tokens of a key cannot be spent any more. */
export function endOf(epoch: number): number {
  return epoch + ISSUER_KEY_HOURS + ISSUER_OVERLAP_HOURS;
}

/** Whether tokens can be drawn under a key at `hour`. */
function isDrawn(epoch: number, hour: number): boolean {
  return epoch + ISSUER_KEY_HOURS > hour;
}

/** Makes the one way to the keys. */
export function createIssuerKeys(pool: Pool, now: Now) {
  /** Keys that were seen; whether one still holds is the database's to say. */
  let seen = new Map<number, IssuerKeyPair>();

  async function readLive(): Promise<IssuerKeyPair[]> {
    const oldest = currentHour(now()) - ISSUER_KEY_HOURS - ISSUER_OVERLAP_HOURS;
    const { rows } = await pool.query<IssuerKeyPair>({ name: 'issuer-keys', text: LIVE, values: [oldest] });
    seen = new Map(rows.map((row) => [row.epoch, row]));
    return rows;
  }

  /** Adds a key, unless another process has done so. */
  async function roll(): Promise<void> {
    const client = await pool.connect();
    let isSound = false;
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      const hour = currentHour(now());
      const { rows } = await client.query<{ epoch: number }>(LIVE, [hour - ISSUER_KEY_HOURS]);
      if (rows.length === 0) {
        const { secret, publicKey } = makeOprfKeyPair();
        await client.query(ADD, [hour, secret, publicKey]);
      }
      await client.query('COMMIT');
      isSound = true;
    } finally {
      client.release(!isSound);
    }
  }

  return {
    /** The keys whose tokens can be spent, newest first; the first is the one to draw under, and is made where there is none. */
    async list(): Promise<[IssuerKeyPair, ...IssuerKeyPair[]]> {
      for (let attempt = 0; ; attempt++) {
        const [newest, ...older] = await readLive();
        if (newest !== undefined && isDrawn(newest.epoch, currentHour(now()))) return [newest, ...older];
        // Only a revocation at the same moment can end a key that was just made.
        if (attempt === 3) throw new Error('issuer keys end as soon as they are made');
        await roll();
      }
    },

    /** The private half of a key that was live when it was seen last, 32 bytes; undefined for any other epoch. */
    async secretOf(epoch: number): Promise<Bytes | undefined> {
      if (endOf(epoch) <= currentHour(now())) return undefined;
      if (!seen.has(epoch)) await readLive();
      return seen.get(epoch)?.secret;
    },

    /** Removes the keys whose time is over, and what was spent of them. Resolves to their number. */
    async removeEnded(): Promise<number> {
      const oldest = currentHour(now()) - ISSUER_KEY_HOURS - ISSUER_OVERLAP_HOURS;
      return (await pool.query('DELETE FROM issuer_key WHERE epoch <= $1', [oldest])).rowCount ?? 0;
    },
  };
}
