/** Blobs live for days, and no setting shortens that: the soak makes them old, and the worker does the rest. */
import type { Pool } from 'pg';

/** See above. */
export class Ageing {
  readonly #pool: Pool;
  #before: Buffer[] = [];
  /** Blobs that were made old. */
  aged = 0;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Makes everything old that was there at the last turn already. */
  async turn(): Promise<void> {
    const { rowCount } = await this.#pool.query(
      'UPDATE blob SET expiry_hour = floor(extract(epoch FROM now()) / 3600)::int - 1 WHERE id = ANY($1)',
      [this.#before],
    );
    this.aged += rowCount ?? 0;
    const { rows } = await this.#pool.query<{ id: Buffer }>(
      'SELECT id FROM blob WHERE expiry_hour > floor(extract(epoch FROM now()) / 3600)::int',
    );
    this.#before = rows.map(({ id }) => id);
  }
}
