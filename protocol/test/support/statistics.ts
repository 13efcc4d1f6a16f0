/**
 * Tests of uniformity with bounds that hold for every sample size, not only in the limit: Hoeffding's inequality for counts, the exact
 * tail of the chi-square distribution where expected counts are in the thousands. Each statistic has a false-alarm rate of
 * at most {@link FALSE_ALARM}, whatever it is a maximum over.
 */

/** How often a test may fail although its data are uniform. */
export const FALSE_ALARM = 1e-6;

/** Largest deviation from n/2 of a fair count of n, at a false-alarm rate of `rate` (Hoeffding 1963, theorem 2). */
export function countBound(n: number, rate: number): number {
  return Math.sqrt((n * Math.log(2 / rate)) / 2);
}

function logGamma(x: number): number {
  // Stirling's series, shifted to where its error is below 1e-10.
  let shift = 0;
  let y = x;
  while (y < 10) shift -= Math.log(y++);
  const tail = 1 / (12 * y) - 1 / (360 * y ** 3) + 1 / (1_260 * y ** 5);
  return shift + (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + tail;
}

/** Probability that chi-square with `df` degrees of freedom exceeds `x` (regularised incomplete gamma function). */
export function chiSquareTail(x: number, df: number): number {
  const [a, z] = [df / 2, x / 2];
  if (z <= 0) return 1;
  const scale = Math.exp(a * Math.log(z) - z - logGamma(a));
  if (z < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 10_000 && term > sum * 1e-15; n++) {
      term *= z / (a + n);
      sum += term;
    }
    return 1 - sum * scale;
  }
  let [b, c] = [z + 1 - a, 1e300];
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 10_000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return fraction * scale;
}

/** Probability of byte counts as uneven as these, or as even: both are suspicious, so the smaller tail counts twice. */
export function byteFrequency(samples: readonly Uint8Array[]): number {
  const counts = new Float64Array(256);
  let total = 0;
  for (const sample of samples) {
    for (const byte of sample) counts[byte] = (counts[byte] as number) + 1;
    total += sample.length;
  }
  const expected = total / 256;
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const tail = chiSquareTail(statistic, 255);
  return 2 * Math.min(tail, 1 - tail);
}

/** One way in which samples fail to be uniform, with the figures. */
export type Finding = string;

/** For each byte its eight bits, each in a byte of its own: the lower four, then the upper four. */
const SPREAD = [0, 4].map((from) =>
  Uint32Array.from({ length: 256 }, (_, byte) => {
    const bit = (k: number) => (byte >> (from + k)) & 1;
    return bit(0) | (bit(1) << 8) | (bit(2) << 16) | (bit(3) << 24);
  }),
) as [Uint32Array, Uint32Array];

/** How many of the samples have each bit set: bit `k` of byte `i` is entry `8 i + k`. */
export function bitCounts(samples: readonly Uint8Array[]): Uint32Array {
  const length = samples[0]?.length ?? 0;
  const counts = new Uint32Array(8 * length);
  const [lower, upper] = SPREAD;
  // Four counters stand in each number, so no more than 255 samples are added before they are carried over.
  for (let from = 0; from < samples.length; from += 255) {
    const packed = new Uint32Array(2 * length);
    for (const sample of samples.slice(from, from + 255)) {
      for (let at = 0; at < length; at++) {
        const byte = sample[at] as number;
        packed[2 * at] = (packed[2 * at] as number) + (lower[byte] as number);
        packed[2 * at + 1] = (packed[2 * at + 1] as number) + (upper[byte] as number);
      }
    }
    for (let i = 0; i < counts.length; i++)
      counts[i] = (counts[i] as number) + (((packed[i >> 2] as number) >>> (8 * (i & 3))) & 255);
  }
  return counts;
}

/** Every bit of every position, counted over `n` samples, against a fair coin. */
export function positionFindings(counts: Uint32Array, n: number, rate = FALSE_ALARM): Finding[] {
  const bound = countBound(n, rate / counts.length);
  const findings: Finding[] = [];
  counts.forEach((count, index) => {
    if (Math.abs(count - n / 2) > bound)
      findings.push(`bit ${index & 7} of byte ${index >> 3}: ${count} of ${n}`);
  });
  return findings;
}

const BITS = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);
const VARIANCE = (256 ** 2 - 1) / 12;

/** Pairs of bytes at a distance: bits that differ, against a fair coin; and the correlation of their values. */
export function serialFindings(
  samples: readonly Uint8Array[],
  lags: readonly number[],
  rate = FALSE_ALARM,
): Finding[] {
  const findings: Finding[] = [];
  for (const lag of lags) {
    let [pairs, differing, products] = [0, 0, 0];
    for (const sample of samples) {
      for (let i = lag; i < sample.length; i++) {
        const [x, y] = [sample[i - lag] as number, sample[i] as number];
        differing += BITS[x ^ y] as number;
        products += (2 * x - 255) * (2 * y - 255);
      }
      pairs += Math.max(0, sample.length - lag);
    }
    const share = rate / (2 * lags.length);
    if (Math.abs(differing - 4 * pairs) > countBound(8 * pairs, share))
      findings.push(`lag ${lag}: ${differing} of ${8 * pairs} bits differ`);
    // A martingale: each product is within ±127.5² whatever came before (Azuma 1967).
    const bound = 127.5 ** 2 * Math.sqrt(2 * pairs * Math.log(2 / share));
    if (Math.abs(products / 4) > bound)
      findings.push(`lag ${lag}: correlation ${products / 4 / pairs / VARIANCE}`);
  }
  return findings;
}
