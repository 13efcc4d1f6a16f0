import { schedule } from 'node-cron';
import type { Config } from '../config.ts';
import { openDatabase } from '../database/pools.ts';
import type { Logger } from '../log.ts';
import { describeFault } from '../log.ts';
import type { Now } from '../time.ts';
import { forgetHealth, noteHealth } from './health.ts';
import { createOrderWork } from './order.ts';
import { startRotation } from './rotation.ts';
import { sweep } from './sweep.ts';
import { createTokenWork } from './tokens.ts';

/** Settings that a worker uses. */
export type WorkerConfig = Pick<Config, 'databaseUrl' | 'workerSchedule'> &
  Partial<Pick<Config, 'workerHealthFile' | 'turnSecretsFile' | 'turnRotateSchedule' | 'turnTtlSeconds'>>;

/** A running worker process. */
export interface Worker {
  /** Resolves when the sweep at start has ended, well or not. */
  started: Promise<void>;
  /** Ends after the statement under way. */
  close(): Promise<void>;
}

/**
 * Starts the expiry worker: it sweeps at once and then by schedule, rolls the keys of blind tokens, takes the order out of what is stored, and keeps the TURN secrets fresh where there is a file of them.
 * What fails is logged, and the next turn does what was left undone.
 */
export async function startWorker(config: WorkerConfig, log: Logger, now: Now = Date.now): Promise<Worker> {
  const database = openDatabase(config.databaseUrl, { statements: 1, streams: 1 });
  const stop = new AbortController();
  const tokens = createTokenWork(database.pool, now);
  const order = createOrderWork(database.pool, now, stop.signal);
  const rotation =
    config.turnSecretsFile === undefined
      ? undefined
      : startRotation({
          secretsFile: config.turnSecretsFile,
          rotateSchedule: config.turnRotateSchedule ?? 'off',
          ttl: config.turnTtlSeconds ?? 3600,
          log,
          now,
        });
  let sweeping: Promise<void> | undefined;

  async function run(): Promise<void> {
    try {
      await sweep(database.pool, now, stop.signal);
      // No figures: lines have their time to the millisecond, and on a quiet day figures tell the hour of what came.
      log.info('swept');
      await tokens.tick();
      if ((await order.tick()) !== undefined) log.info('written anew');
      if (config.workerHealthFile !== undefined)
        await noteHealth(config.workerHealthFile, task.getNextRuns(2));
    } catch (error) {
      const { fault, code } = describeFault(error);
      log.warn({ fault, code }, 'the sweep failed; the next one goes on');
    }
  }

  function runOnce(): Promise<void> {
    // The database and the file have nothing to do with each other, nor do their faults.
    sweeping ??= Promise.all([run(), rotation?.tick()])
      .then(() => undefined)
      .finally(() => {
        sweeping = undefined;
      });
    return sweeping;
  }

  const task = schedule(config.workerSchedule, runOnce, { timezone: 'UTC', suppressMissedWarning: true });
  // What an earlier process noted says nothing of this one.
  if (config.workerHealthFile !== undefined) await forgetHealth(config.workerHealthFile);
  log.info('started');
  return {
    started: runOnce(),
    close: async () => {
      stop.abort();
      await task.destroy();
      await rotation?.close();
      await sweeping;
      await database.close();
      log.info('stopped');
    },
  };
}
