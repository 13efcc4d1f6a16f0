import { schedule } from 'node-cron';
import type { Config } from '../config.ts';
import { openDatabase } from '../database/pools.ts';
import type { Logger } from '../log.ts';
import { describeFault } from '../log.ts';
import type { Now } from '../time.ts';
import { sweep } from './sweep.ts';

/** A running worker process. */
export interface Worker {
  /** Resolves when the sweep at start has ended, well or not. */
  started: Promise<void>;
  /** Ends after the statement under way. */
  close(): Promise<void>;
}

/**
 * Starts the expiry worker: it sweeps at once and then by schedule. A sweep that fails is logged, and the next one does what it
 * left undone.
 */
export async function startWorker(
  config: Pick<Config, 'databaseUrl' | 'workerSchedule'>,
  log: Logger,
  now: Now = Date.now,
): Promise<Worker> {
  const database = openDatabase(config.databaseUrl, { statements: 1, streams: 1 });
  const stop = new AbortController();
  let sweeping: Promise<void> | undefined;

  async function run(): Promise<void> {
    try {
      log.info(await sweep(database.pool, now, stop.signal), 'swept');
    } catch (error) {
      const { fault, code } = describeFault(error);
      log.warn({ fault, code }, 'the sweep failed; the next one goes on');
    }
  }

  function runOnce(): Promise<void> {
    sweeping ??= run().finally(() => {
      sweeping = undefined;
    });
    return sweeping;
  }

  const task = schedule(config.workerSchedule, runOnce, { timezone: 'UTC', suppressMissedWarning: true });
  log.info('started');
  return {
    started: runOnce(),
    close: async () => {
      stop.abort();
      await task.destroy();
      await sweeping;
      await database.close();
      log.info('stopped');
    },
  };
}
