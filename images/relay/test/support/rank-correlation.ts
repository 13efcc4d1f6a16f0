/** How well one order tells another. */

/** Kendall's tau-b (Kendall 1945), from −1 through 0 (tells nothing) to 1, and its standard deviation where the two have nothing to do with each other. */
export interface Correlation {
  tau: number;
  deviation: number;
}

/**
 * Compares two orders of the same things.
 * @param a what each of them has in the first; equal values tie
 * @param b what each of them has in the second
 * @param groups only things of one group are compared, where groups are given
 */
export function kendall(
  a: readonly number[],
  b: readonly number[],
  groups?: readonly unknown[],
): Correlation {
  let [agree, tiesA, tiesB, pairs] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      if (groups && groups[i] !== groups[j]) continue;
      const [inA, inB] = [
        Math.sign((a[i] as number) - (a[j] as number)),
        Math.sign((b[i] as number) - (b[j] as number)),
      ];
      pairs += 1;
      if (inA === 0) tiesA += 1;
      if (inB === 0) tiesB += 1;
      agree += inA * inB;
    }
  }
  const n = a.length;
  const whole = Math.sqrt((pairs - tiesA) * (pairs - tiesB));
  const tau = whole === 0 ? 0 : agree / whole;
  // Where only groups are compared, each counts as one of the mean size.
  const sizes = groups
    ? [...Map.groupBy(groups, (group) => group).values()].map(({ length }) => length)
    : [n];
  const variance = sizes.reduce((sum, size) => sum + (size * (size - 1) * (2 * size + 5)) / 18, 0);
  return { tau, deviation: whole === 0 ? 0 : Math.sqrt(variance) / whole };
}
