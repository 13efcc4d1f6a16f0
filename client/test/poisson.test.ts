import { describe, expect, it } from 'vitest';
import { atPoissonTimes } from '../src/state/poisson.ts';

const MINUTE = 60_000;

describe('times of a Poisson process', () => {
  it('follow an exponential law', () => {
    const waits: number[] = [];
    let due = () => {};
    const end = atPoissonTimes(
      10,
      () => {},
      (ms, work) => {
        waits.push(ms);
        due = work;
        return () => {};
      },
    );
    while (waits.length < 4_000) due();
    end();
    const sorted = waits.toSorted((a, b) => a - b);
    const lawful = (ms: number) => 1 - Math.exp(-ms / (10 * MINUTE));
    const distances = sorted.map((ms, i) => Math.abs(lawful(ms) - (i + 0.5) / sorted.length));
    // Kolmogorov and Smirnov: the law itself is further away than that in one of 130,000 runs.
    expect(Math.max(...distances)).toBeLessThan(2.5 / Math.sqrt(sorted.length));
  });

  it('do not wait for what is done, and end at once', () => {
    const timers = new Set<() => void>();
    let runs = 0;
    const end = atPoissonTimes(
      10,
      () => {
        runs++;
        // The next time was chosen before.
        expect(timers.size).toBe(1);
      },
      (_ms, work) => {
        timers.add(work);
        return () => void timers.delete(work);
      },
    );
    const [first] = timers as unknown as [() => void];
    timers.clear();
    first();
    expect(runs).toBe(1);
    end();
    expect(timers.size).toBe(0);
  });
});
