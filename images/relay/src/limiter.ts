import { RelayError } from '@relay/protocol/wire';
import type { Now } from './time.ts';

/** What a member may do at once, and how it gets more. */
export interface Allowance {
  /** Turns that a member has at once. */
  burst: number;
  /** Seconds after which it has one more. */
  refillSeconds: number;
}

/** Counts what each member does, in memory. */
export interface Limiter {
  /**
   * Takes turns of a member, one unless more are asked for.
   * @param member names it, such as its key hash in hexadecimal
   * @throws RelayError `rate_limited` with the seconds after which there is one
   */
  take(member: string, turns?: number): void;
  /** How many members it remembers: those whose allowance is not whole. */
  size(): number;
}

/** Makes a limiter, in which every member has its whole allowance. */
export function createLimiter({ burst, refillSeconds }: Allowance, now: Now): Limiter {
  const refill = refillSeconds * 1000;
  /** When the allowance of a member will be whole again, in milliseconds from the Unix epoch. */
  const wholeAt = new Map<string, number>();
  return {
    take: (member, turns = 1) => {
      const at = now();
      for (const [known, whole] of wholeAt) if (whole <= at) wholeAt.delete(known);
      // A clock that was set back locks nobody out for longer than an allowance takes.
      const whole = Math.min(wholeAt.get(member) ?? at, at + burst * refill);
      const missing = whole + turns * refill - at - burst * refill;
      if (missing > 0) {
        throw new RelayError('rate_limited', undefined, { retryAfter: Math.ceil(missing / 1000) });
      }
      wholeAt.set(member, whole + turns * refill);
    },
    size: () => wholeAt.size,
  };
}
