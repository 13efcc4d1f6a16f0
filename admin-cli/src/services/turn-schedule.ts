import { UserFault } from '../faults.ts';
import { unixNow } from './turn-secrets.ts';

const OFF = 'off';

/** When TURN secrets rotate. */
export interface TurnSchedule {
  /** Unix seconds. */
  now: number;
  /** A cron expression in UTC, or `off`. */
  schedule: string;
  /** The next turns, in Unix seconds, soonest first; none where it is off. */
  next: readonly number[];
}

/**
 * When the worker rotates next.
 * @param schedule `TURN_ROTATE_SCHEDULE`
 * @param count turns to look ahead
 * @param now Unix seconds
 * @throws UserFault `usage` for what is neither `off` nor a cron expression
 */
export async function turnSchedule(schedule: string, count: number, now = unixNow()): Promise<TurnSchedule> {
  if (schedule === OFF) return { now, schedule, next: [] };
  const { nextTurns } = await import('@relay/server/schedule');
  const next = nextTurns(schedule, count);
  if (next === undefined) {
    throw new UserFault('usage', 'The schedule is neither off nor a cron expression, such as 17 4 * * 1.');
  }
  return { now, schedule, next };
}

/** What the worker follows where nothing else is set. */
const DEFAULT_SCHEDULE = '17 4 * * 1';

/**
 * Seconds between two turns of a schedule, at most.
 * @param schedule `TURN_ROTATE_SCHEDULE`; the default where it is not set
 * @returns undefined for `off`, and for what is no schedule
 */
export async function rotationPeriod(schedule: string | undefined): Promise<number | undefined> {
  if (schedule === OFF) return undefined;
  const { nextTurns } = await import('@relay/server/schedule');
  const turns = nextTurns(schedule || DEFAULT_SCHEDULE, 8) ?? [];
  const gaps = turns.slice(1).map((turn, i) => turn - (turns[i] ?? turn));
  return gaps.length === 0 ? undefined : Math.max(...gaps);
}
