/** Milliseconds from the Unix epoch; injected wherever time matters. */
export type Now = () => number;

/** In milliseconds. */
export const MINUTE_MS = 60_000;
/** In milliseconds. */
export const HOUR_MS = 3_600_000;
/** In milliseconds. */
export const DAY_MS = 86_400_000;

/**
 * The whole minute, counted from the Unix epoch, at which something ends that starts now: rounded up, so that what is stored
 * does not tell the second at which it began.
 * @param now milliseconds from the Unix epoch
 * @param seconds least life
 */
export function expiryMinute(now: number, seconds: number): number {
  return Math.ceil((now + seconds * 1000) / MINUTE_MS);
}

/** The minute that has begun. What ends at this minute or before has ended. */
export function currentMinute(now: number): number {
  return Math.floor(now / MINUTE_MS);
}

/** The hour that has begun. What ends at this hour or before has ended. */
export function currentHour(now: number): number {
  return Math.floor(now / HOUR_MS);
}
