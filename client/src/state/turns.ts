/**
 * Makes a queue: work that is given to it runs one after the other, in the order it was given.
 * @returns takes work, and resolves or rejects as that work does
 */
export function turnTaker(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}
