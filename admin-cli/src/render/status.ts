import type { ServerStatus } from '../services/status.ts';
import { bytesText } from './bytes.ts';
import { durationText, timeText } from './duration.ts';
import { counted } from './table.ts';

const PERCENT = 100;

/** The status as `--json` prints it. */
export function statusJson({ at, ...parts }: ServerStatus) {
  return { at: timeText(at), ...parts };
}

/** What `status` and each turn of `top` print. */
export function statusText({ at, database, disk, turn }: ServerStatus): string {
  const lines: [string, string][] = [
    ['at', timeText(at)],
    ...(database.fault === undefined
      ? ([
          ['members', String(database.members)],
          [
            'blobs',
            `about ${database.blobs}${database.expired === 0 ? '' : `, and about ${database.expired} expired that wait for the worker`}`,
          ],
          ['database', `${bytesText(database.databaseBytes)} on disk`],
        ] as [string, string][])
      : [['database', database.fault] as [string, string]]),
    ['disk', disk.fault ?? diskText(disk)],
    [
      'TURN',
      turn.fault === undefined
        ? `${counted(turn.alive, 'secret')} alive; the one in use is ${durationText(turn.ageSeconds)} old`
        : turn.fault,
    ],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, text]) => `  ${name.padEnd(width)}  ${text}\n`).join('');
}

/**
 * One look of `top` at a terminal, written over the one before without a flicker.
 * @param look from 1
 * @param every seconds between two looks
 */
export function topFrame(text: string, look: number, every: number): string {
  const lines = `${text}\n  Every ${every} seconds; Ctrl-C ends.\n`.replaceAll('\n', '\u001b[K\n');
  return `${look === 1 ? '\u001b[2J' : ''}\u001b[H${lines}\u001b[J`;
}

function diskText({ freeBytes, totalBytes }: { freeBytes: number; totalBytes: number }): string {
  const share = totalBytes === 0 ? 0 : Math.round((freeBytes / totalBytes) * PERCENT);
  return `${bytesText(freeBytes)} free of ${bytesText(totalBytes)} (${share} %)`;
}
