/** Times at which nothing outside can be read: the intervals of a Poisson process. */
import { randomBytes } from '@relay/protocol';
import type { After } from './timer.ts';
import { after as byPlatform } from './timer.ts';

const MINUTE = 60_000;
/** No timer of a platform takes much more than 24 days; nobody waits for half of that. */
const LONGEST_MS = 24 * 60 * MINUTE;

/**
 * Runs work again and again, at times of a Poisson process: what has happened so far tells nothing of what comes next.
 * @param meanMinutes mean time between two runs
 * @param work is not waited for
 * @param after another timer than the platform's
 * @returns ends it
 */
export function atPoissonTimes(meanMinutes: number, work: () => void, after: After = byPlatform): () => void {
  let cancel: () => void;
  const next = () => {
    cancel = after(exponentialWait(meanMinutes * MINUTE), () => {
      next();
      work();
    });
  };
  next();
  return () => cancel();
}

/** A random time of an exponential distribution; `mean` and result in milliseconds, a day at most. */
function exponentialWait(mean: number): number {
  const fraction = (new DataView(randomBytes(4).buffer).getUint32(0) + 1) / 2 ** 32;
  return Math.min(-Math.log(fraction) * mean, LONGEST_MS);
}
