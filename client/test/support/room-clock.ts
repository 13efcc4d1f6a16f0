/** A clock for whole worlds: time passes from timer to timer, and promises settle in between. */
import type { After } from '../../src/state/timer.ts';

/** Lets every promise that can settle do so. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** See above. */
export class RoomClock {
  #now = 1_000_000;
  #order = 0;
  readonly #timers = new Map<number, { at: number; work: () => void }>();

  readonly now = (): number => this.#now;

  readonly after: After = (ms, work) => {
    const id = ++this.#order;
    this.#timers.set(id, { at: this.#now + ms, work });
    return () => this.#timers.delete(id);
  };

  /** Waits for so many milliseconds of this clock. */
  readonly sleep = (ms: number): Promise<void> => new Promise((resolve) => this.after(ms, resolve));

  /** How many timers run. */
  get waits(): number {
    return this.#timers.size;
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      const [id, { at, work }] = next;
      this.#now = Math.max(this.#now, at);
      this.#timers.delete(id);
      work();
      await settle();
    }
    this.#now = end;
  }

  #next(end: number): [number, { at: number; work: () => void }] | undefined {
    let best: [number, { at: number; work: () => void }] | undefined;
    for (const entry of this.#timers) {
      if (entry[1].at <= end && (best === undefined || entry[1].at < best[1].at)) best = entry;
    }
    return best;
  }
}
