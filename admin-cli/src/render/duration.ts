const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/**
 * About how long a time is, in its greatest unit that fits at least twice: `61 minutes`, `1 second`.
 * @param seconds 0 or more
 */
export function durationText(seconds: number): string {
  const [noun, length] = UNITS.find(([, unit]) => seconds >= 2 * unit) ?? (['second', 1] as const);
  const count = Math.floor(seconds / length);
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A time as people and programs read it: `2026-11-25T20:00:00Z`. */
export function timeText(unixSeconds: number): string {
  return new Date(unixSeconds * 1_000).toISOString().replace('.000Z', 'Z');
}
