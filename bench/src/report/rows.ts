import type { Unit } from '../measurement.ts';
import type { Result } from '../runner.ts';

/** Heads of the columns. */
export const COLUMNS = [
  'measured',
  'unit',
  'figure',
  'held against',
  'its figure',
  'speed',
  'middle half',
] as const;
/** Which columns hold numbers. */
export const NUMERIC: readonly boolean[] = [false, false, true, false, true, true, true];

/** A number with about three digits that mean something. */
export function formatFigure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(value >= 10 ? 1 : 2);
}

function titleOf(title: string, unit: Unit, quantile: number): string {
  return unit === 'ms' ? `${title}, p${Math.round(quantile * 100)}` : title;
}

/** The rows of the table: one for each floor, and what is measured in the first one of them. */
export function rowsOf(results: readonly Result[]): string[][] {
  return results.flatMap(({ title, unit, figures }) =>
    figures.flatMap(({ quantile, value, floors }) =>
      floors.map((floor, i) => [
        ...(i === 0 ? [titleOf(title, unit, quantile), unit, formatFigure(value)] : ['', '', '']),
        floor.name,
        formatFigure(floor.value),
        floor.speed.toFixed(2),
        floor.range.map((speed) => speed.toFixed(2)).join('–'),
      ]),
    ),
  );
}

/** A line for each contestant that is a sum of steps. */
export function stepLines(results: readonly Result[]): string[] {
  return results.flatMap(({ title, parts }) =>
    Object.entries(parts).map(([name, steps]) => {
      const list = Object.entries(steps).map(([step, time]) => `${step} ${formatFigure(time)}`);
      return `${title}; ${name}, medians in ms: ${list.join(', ')}.`;
    }),
  );
}
