import type { TurnCheck } from '../turn-test/index.ts';
import { counted } from './table.ts';

/** One check as `turn test` prints it as soon as it is made. */
export function checkLine({ name, held, reason, advice, skipped }: TurnCheck): string {
  const line = `${held ? 'held   ' : skipped ? 'skipped' : 'FAILED '}  ${name}: ${reason}`;
  return advice === undefined ? `${line}\n` : `${line} ${advice}\n`;
}

/** The last line of `turn test`. */
export function summaryText(checks: readonly TurnCheck[]): string {
  const untried = checks.filter(({ skipped }) => skipped).length;
  const failures = checks.filter(({ held }) => !held).length - untried;
  const rest = untried === 0 ? '' : `, and ${untried} could not be tried`;
  return failures === 0
    ? `\nAll ${counted(checks.length, 'check')} held.\n`
    : `\n${failures} of ${counted(checks.length, 'check')} failed${rest}.\n`;
}

/** The checks as `--json` prints them. */
export function reportJson(checks: readonly TurnCheck[]) {
  return { held: checks.every(({ held }) => held), checks };
}
