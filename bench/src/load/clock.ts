const MS_PER_SECOND = 1_000;

/** Runs something and gives its time in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Runs something that does `amount` of anything, and gives the amount per second. */
export async function rateOf(amount: number, work: () => Promise<unknown>): Promise<number> {
  return (amount * MS_PER_SECOND) / (await timed(work));
}

/** Does something for every item, `width` at once. */
export async function inLanes<T>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
  const queue = items.entries();
  const lane = async () => {
    for (const [index, item] of queue) await work(item, index);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** Does something `count` times, one after the other; the number of times per second. */
export async function repeatRate(count: number, work: (index: number) => Promise<unknown>): Promise<number> {
  return rateOf(count, async () => {
    for (let i = 0; i < count; i++) await work(i);
  });
}
