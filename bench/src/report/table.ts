import type { Result } from '../runner.ts';
import { COLUMNS, NUMERIC, rowsOf, stepLines } from './rows.ts';

/** The results as text for a terminal. */
export function renderTable(results: readonly Result[], surroundings: string): string {
  const rows = [[...COLUMNS], ...rowsOf(results)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => (NUMERIC[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return `${[...lines, '', ...stepLines(results), surroundings].join('\n')}\n`;
}
