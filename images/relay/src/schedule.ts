import { createTask, validate } from 'node-cron';

/**
 * The next turns of a schedule.
 * @param expression a cron expression in UTC
 * @param count how many
 * @returns Unix seconds, soonest first; undefined for what is no cron expression
 */
export function nextTurns(expression: string, count: number): number[] | undefined {
  if (!validate(expression)) return undefined;
  const task = createTask(expression, () => undefined, { timezone: 'UTC' });
  const turns = task.getNextRuns(count).map((date) => Math.floor(date.getTime() / 1_000));
  void task.destroy();
  return turns;
}
