import type { TurnSchedule } from '../services/turn-schedule.ts';
import { durationText, timeText } from './duration.ts';

/** The schedule as `--json` prints it. */
export function scheduleJson({ schedule, next }: TurnSchedule) {
  return { schedule, next: next.map(timeText) };
}

/** What `turn schedule` prints. */
export function scheduleText({ now, schedule, next }: TurnSchedule): string {
  if (next.length === 0) return 'TURN secrets do not rotate by themselves: the schedule is off.\n';
  const lines = next.map((at) => `  ${timeText(at)}, in ${durationText(Math.max(0, at - now))}\n`);
  return `TURN secrets rotate by the schedule ${schedule} (UTC), next:\n\n${lines.join('')}`;
}
