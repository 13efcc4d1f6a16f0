import { EXPIRY_JITTER_HOURS, RETENTION_HOURS } from '@relay/protocol/wire';

const HOURS_PER_DAY = 24;
const DAY_MS = 86_400_000;

/**
 * The hour, counted from the Unix epoch, at which a blob expires that arrives now: the UTC midnight that ends the day of arrival
 * + 72 h ± up to 12 h (SPEC.md §15). It tells the day of arrival and nothing finer.
 *
 * @param now milliseconds from the Unix epoch
 * @param uniform a uniform whole number from 0 to `n − 1`, from a CSPRNG
 */
export function expiryHour(now: number, uniform: (n: number) => number): number {
  const endOfDay = (Math.floor(now / DAY_MS) + 1) * HOURS_PER_DAY;
  return endOfDay + RETENTION_HOURS - EXPIRY_JITTER_HOURS + uniform(2 * EXPIRY_JITTER_HOURS + 1);
}
