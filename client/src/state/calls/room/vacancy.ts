/** Finds out that nobody is in a call. */
import type { After } from '../../timer.ts';

/** How long nobody may be in: whoever calls has just begun, or has just lost its socket. */
const OVER_MS = 10_000;

/** Tells once that a room has been empty for a while, and again after it was not. */
export class Vacancy {
  readonly #after: After;
  readonly #over: () => void;
  #cancel: (() => void) | undefined;

  constructor(after: After, over: () => void) {
    this.#after = after;
    this.#over = over;
  }

  /** Whether nobody is in now, as far as this page can tell. */
  set(isVacant: boolean): void {
    if (isVacant) this.#cancel ??= this.#after(OVER_MS, this.#over);
    else {
      this.#cancel?.();
      this.#cancel = undefined;
    }
  }
}
