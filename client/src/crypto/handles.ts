/** Work that lasts over several calls into the vault, by number. */
export class Handles<T> {
  readonly #work = new Map<number, T>();
  #last = 0;

  /** @returns the number under which the work is found again */
  add(work: T): number {
    this.#work.set(++this.#last, work);
    return this.#last;
  }

  /** @throws Error when it has ended */
  get(handle: number): T {
    const work = this.#work.get(handle);
    if (work === undefined) throw new Error('This work has ended.');
    return work;
  }

  /** Ends one. */
  end(handle: number): void {
    this.#work.delete(handle);
  }

  /** Ends all. */
  clear(): void {
    this.#work.clear();
  }
}
