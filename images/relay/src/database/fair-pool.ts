import type { PoolClient, PoolConfig } from 'pg';
import { Pool } from 'pg';
import type { FairQueue } from '../limits/fair-queue.ts';
import { currentPayer } from '../limits/payer.ts';

type Done = (error?: Error | boolean) => void;
type Connected = (error: Error | undefined, client: PoolClient | undefined, done: Done) => void;

/**
 * A pool whose connections are taken by turns: whoever asks for many at once waits for itself, not others for it. `query` takes its connection
 * through {@link FairPool.connect} too.
 */
export class FairPool extends Pool {
  readonly #turns: FairQueue;

  constructor(turns: FairQueue, config: PoolConfig) {
    super(config);
    this.#turns = turns;
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<PoolClient> | undefined {
    const taken = this.#take();
    if (callback === undefined) return taken;
    taken.then(
      (client) => callback(undefined, client, client.release),
      (error: Error) => callback(error, undefined, () => undefined),
    );
    return undefined;
  }

  async #take(): Promise<PoolClient> {
    const leave = await this.#turns.enter(currentPayer());
    try {
      const client = await super.connect();
      const release = client.release;
      // The pool puts another one in its place each time it gives the connection out.
      client.release = (error) => {
        leave();
        release(error);
      };
      return client;
    } catch (error) {
      leave();
      throw error;
    }
  }
}
