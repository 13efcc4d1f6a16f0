/** Things that must not overlap, one after the other. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does something when everything before it has ended, well or not. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
