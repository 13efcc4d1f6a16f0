/** Work that is asked for often and done once, at the earliest time that was asked for. */
export class Soon {
  readonly #work: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** On the platform's monotonic clock, in milliseconds. */
  #at = 0;

  constructor(work: () => void) {
    this.#work = work;
  }

  /** Asks for it within so many milliseconds. */
  within(ms: number): void {
    const at = performance.now() + ms;
    if (this.#timer !== undefined && this.#at <= at) return;
    this.cancel();
    this.#at = at;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#work();
    }, ms);
  }

  /** Calls it off. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
