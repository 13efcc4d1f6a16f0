import { RelayError } from '@relay/protocol/wire';
import type { Now } from '../time.ts';

/** What somebody may do at once, and how it gets more. */
export interface Allowance {
  /** Turns that one has at once. */
  burst: number;
  /** Seconds after which it has one more. */
  refillSeconds: number;
}

/** Counts what each of many does, in memory. */
export interface Limiter {
  /**
   * Takes turns, one unless more are asked for.
   * @param who names it, such as a key hash in hexadecimal
   * @throws RelayError `rate_limited` with the seconds after which there are as many; nothing is taken then
   */
  take(who: string, turns?: number): void;
  /**
   * Takes turns whether they are there or not: whoever goes too fast is made to wait, and not refused.
   * @param turns need not be whole
   * @returns milliseconds until they would have been there; 0 where they were
   */
  owe(who: string, turns: number): number;
  /** Gives turns back that were taken for nothing. */
  giveBack(who: string, turns?: number): void;
  /** How many it remembers: those whose allowance is not whole. */
  size(): number;
}

/** Those whose allowance is whole are looked for no more often than that: a flood from many must not pay for all at each turn. */
const SWEEP_MS = 1_000;
/** Remembered at most. Beyond it those are forgotten first that came first, so that memory has a bound. */
const MOST = 65_536;

/**
 * The allowance of a rate per minute: all of a minute at once.
 * @param perMinute at least 1
 * @param processes that share it; each grants its part
 */
export function perMinute(perMinute: number, processes: number): Allowance {
  const burst = Math.max(1, Math.floor(perMinute / processes));
  return { burst, refillSeconds: 60 / burst };
}

/** Makes a limiter, in which everybody has its whole allowance. */
export function createLimiter({ burst, refillSeconds }: Allowance, now: Now): Limiter {
  const refill = refillSeconds * 1000;
  /** When the allowance will be whole again, in milliseconds from the Unix epoch. */
  const wholeAt = new Map<string, number>();
  let sweptAt = Number.NEGATIVE_INFINITY;
  let readAt = Number.NEGATIVE_INFINITY;
  let setBack = 0;

  /** Time that never goes back: where the clock is set back, it goes on from there, and nobody pays for that. */
  function time(): number {
    const at = now();
    if (at < readAt) setBack += readAt - at;
    readAt = at;
    return at + setBack;
  }

  function sweep(at: number): void {
    if (at < sweptAt + SWEEP_MS) return;
    sweptAt = at;
    for (const [known, whole] of wholeAt) if (whole <= at) wholeAt.delete(known);
  }

  function keep(who: string, whole: number): void {
    const [first] = wholeAt.keys();
    if (wholeAt.size >= MOST && !wholeAt.has(who) && first !== undefined) wholeAt.delete(first);
    wholeAt.set(who, whole);
  }

  /** How it stands with somebody who takes so many turns. */
  function reckon(who: string, turns: number) {
    const at = time();
    sweep(at);
    const whole = Math.max(wholeAt.get(who) ?? at, at);
    const next = whole + turns * refill;
    return { isWhole: whole <= at, next, missing: next - at - burst * refill };
  }

  return {
    take: (who, turns = 1) => {
      const { isWhole, next, missing } = reckon(who, turns);
      // What is asked for at once may be more than one ever has; then a whole allowance is what it takes.
      if (missing > 0 && !isWhole) {
        throw new RelayError('rate_limited', undefined, { retryAfter: Math.ceil(missing / 1000) });
      }
      keep(who, next);
    },
    owe: (who, turns) => {
      const { next, missing } = reckon(who, turns);
      keep(who, next);
      return Math.max(0, missing);
    },
    giveBack: (who, turns = 1) => {
      const whole = wholeAt.get(who);
      if (whole !== undefined) wholeAt.set(who, whole - turns * refill);
    },
    size: () => wholeAt.size,
  };
}
