/** A clock that a test sets. */
import type { After } from '../../src/state/timer.ts';
import { NOW } from './records.ts';

/** Time that passes only when it is told to. */
export class TestClock {
  #now: number;
  #timers: { at: number; work: () => void }[] = [];

  constructor(now = NOW) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  readonly after: After = (ms, work) => {
    const timer = { at: this.#now + ms, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** Milliseconds until each timer that runs, the soonest first. */
  get waits(): number[] {
    return this.#timers.map(({ at }) => at - this.#now).toSorted((a, b) => a - b);
  }

  /** Lets time pass, and everything that is due run. */
  pass(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now).toSorted((a, b) => a.at - b.at);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { work } of due) work();
  }
}
