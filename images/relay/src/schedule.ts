import { createTask, validate } from 'node-cron';

/** No schedule is longer. */
const LONGEST = 200;

/**
 * Whether a text is a cron expression. The library writes ranges out one by one, whatever they reach to, so what has a number longer than any
 * that means something is refused before it sees it.
 */
export function isSchedule(expression: string): boolean {
  return expression.length <= LONGEST && !/\d{4}/.test(expression) && validate(expression);
}

/**
 * The next turns of a schedule.
 * @param expression a cron expression in UTC
 * @param count how many
 * @returns Unix seconds, soonest first; undefined for what is no cron expression
 */
export function nextTurns(expression: string, count: number): number[] | undefined {
  if (!isSchedule(expression)) return undefined;
  const task = createTask(expression, () => undefined, { timezone: 'UTC' });
  const turns = task.getNextRuns(count).map((date) => Math.floor(date.getTime() / 1_000));
  void task.destroy();
  return turns;
}
