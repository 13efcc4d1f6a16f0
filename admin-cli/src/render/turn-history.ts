import type { TurnHistory } from '../services/turn-history.ts';
import { timeText } from './duration.ts';
import { counted, table } from './table.ts';

const DAY = 86_400;
const DATE_LENGTH = 10;

const CAUSES = {
  made: 'the first of all',
  schedule: 'by the schedule',
  hand: 'by relay-admin turn rotate',
} as const;

const dateText = (day: number) => timeText(day * DAY).slice(0, DATE_LENGTH);

/** The history as `--json` prints it. */
export function historyJson({ rotations, kept }: TurnHistory) {
  return { kept, rotations: rotations.map(({ day, cause }) => ({ day: dateText(day), cause })) };
}

/** What `turn history` prints. */
export function historyText({ rotations, kept }: TurnHistory): string {
  if (rotations.length === 0) return 'No new TURN secret is remembered yet.\n';
  const rows = rotations.map(({ day, cause }) => [dateText(day), CAUSES[cause]]);
  return `${counted(rotations.length, 'new TURN secret')}; the last ${kept} are remembered, by day (UTC):\n\n${table(['DAY', 'WHY'], rows)}`;
}
