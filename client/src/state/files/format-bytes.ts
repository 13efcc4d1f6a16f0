const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size in words: `1 byte`, `64 kB`, `1.1 GB`; powers of 1,000, two digits at least. */
export function formatBytes(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}
