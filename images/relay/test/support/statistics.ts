/** Whether two samples look alike: by ranks alone, so that no test depends on how fast the machine is. */
export interface RankComparison {
  /** How likely a value of the first sample is below one of the second, ties counted by half: 0.5 where neither tends to be lower. */
  below: number;
  /** Two-sided p-value of the Mann–Whitney U test, by its normal approximation with correction for ties. */
  p: number;
}

/**
 * The Mann–Whitney U test (Mann and Whitney 1947).
 * @param a at least 20 values, for the approximation to hold
 * @param b at least 20 values
 */
export function compareRanks(a: readonly number[], b: readonly number[]): RankComparison {
  const all = [...a.map((value) => ({ value, isA: true })), ...b.map((value) => ({ value, isA: false }))];
  all.sort((x, y) => x.value - y.value);
  let rankSum = 0;
  let ties = 0;
  for (let from = 0, to = 0; from < all.length; from = to) {
    while (to < all.length && all[to]?.value === all[from]?.value) to++;
    // Equal values share the mean of their ranks, which begin at 1.
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) if (all[i]?.isA) rankSum += rank;
    ties += (to - from) ** 3 - (to - from);
  }
  const n = all.length;
  const pairs = a.length * b.length;
  const aboveCount = rankSum - (a.length * (a.length + 1)) / 2;
  const variance = (pairs / 12) * (n + 1 - ties / (n * (n - 1)));
  const z = variance === 0 ? 0 : Math.abs(aboveCount - pairs / 2) / Math.sqrt(variance);
  return { below: 1 - aboveCount / pairs, p: 2 * normalTail(z) };
}

/**
 * The two-sample chi-squared test of homogeneity.
 * @param a how often each class occurred in the first sample
 * @param b the same classes in the second; no class may be rare (below 5) in both
 * @returns the p-value, by the approximation of Wilson and Hilferty (1931)
 */
export function compareCounts(a: readonly number[], b: readonly number[]): number {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const [ofA, ofB] = [sum(a), sum(b)];
  let statistic = 0;
  let classes = 0;
  a.forEach((inA, i) => {
    const inB = b[i] ?? 0;
    if (inA + inB === 0) return;
    classes += 1;
    const expected = ((inA + inB) * ofA) / (ofA + ofB);
    const other = inA + inB - expected;
    statistic += (inA - expected) ** 2 / expected + (inB - other) ** 2 / other;
  });
  const freedom = classes - 1;
  const spread = 2 / (9 * freedom);
  return normalTail((Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread));
}

/** The chance that a standard normal value exceeds `z`: Abramowitz and Stegun 26.2.17, good to 7.5e-8. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
