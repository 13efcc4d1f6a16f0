import type { ScheduledTask } from 'node-cron';
import { schedule } from 'node-cron';
import type { Logger } from '../log.ts';
import { describeFault } from '../log.ts';
import type { Now } from '../time.ts';
import { pruneSecrets, rotateIfDue } from '../turn/secrets-file.ts';

/** What the rotation of TURN secrets needs. */
export interface RotationParts {
  /** Path of the secrets. */
  secretsFile: string;
  /** Cron expression in UTC, or `off`. */
  rotateSchedule: string;
  /** Life of a credential, in seconds. */
  ttl: number;
  log: Logger;
  now: Now;
}

/** Keeps the TURN secrets fresh. */
export interface Rotation {
  /** Removes secrets whose end has come, and makes up for a rotation that was missed. Never rejects. */
  tick(): Promise<void>;
  /** Ends after the change under way. */
  close(): Promise<void>;
}

/** Turns of a schedule that are looked at to learn its longest pause. */
const TURNS = 12;

/** Starts to rotate by schedule. A failure is logged, and the next tick makes up for it. */
export function startRotation({ secretsFile, rotateSchedule, ttl, log, now }: RotationParts): Rotation {
  let working = Promise.resolve();

  function run(work: () => Promise<void>): Promise<void> {
    working = working.then(work).catch((error: unknown) => {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      const { fault, code } = describeFault(cause);
      log.warn({ fault, code }, 'the TURN secrets could not be changed; the next tick goes on');
    });
    return working;
  }

  async function rotate(due: number): Promise<void> {
    if (await rotateIfDue(secretsFile, ttl, due, now)) log.info('a new TURN secret');
  }

  const task =
    rotateSchedule === 'off'
      ? undefined
      : schedule(rotateSchedule, () => run(() => rotate(now())), {
          timezone: 'UTC',
          suppressMissedWarning: true,
        });

  return {
    tick: () =>
      run(async () => {
        const removed = await pruneSecrets(secretsFile, now);
        if (removed > 0) log.info({ removed }, 'old TURN secrets removed');
        const pause = task && longestPause(task);
        if (pause !== undefined) await rotate(now() - pause);
      }),
    close: async () => {
      await task?.destroy();
      await working;
    },
  };
}

/** The longest time between two turns of a schedule, in milliseconds. A secret that is older has missed its turn. */
function longestPause(task: ScheduledTask): number | undefined {
  const turns = task.getNextRuns(TURNS).map((date) => date.getTime());
  if (turns.length < 2) return undefined;
  return Math.max(...turns.slice(1).map((turn, i) => turn - (turns[i] as number)));
}
