/** Simple classifiers of byte strings, and how much better than chance they may look by chance. */
import { countBound, FALSE_ALARM } from './statistics.ts';

const KEPT = 24;
const STEPS = 60;

/** Features of a sample: its first and last bits, and how often each byte value stands in it. */
export function featuresOf(sample: Uint8Array, head = 1_200, tail = 32): Float32Array {
  const ends = [...sample.subarray(0, head), ...sample.subarray(Math.max(head, sample.length - tail))];
  const out = new Float32Array(8 * ends.length + 256);
  ends.forEach((byte, i) => {
    for (let bit = 0; bit < 8; bit++) out[8 * i + bit] = (byte >> bit) & 1;
  });
  const histogram = out.subarray(8 * ends.length);
  for (const byte of sample) histogram[byte] = (histogram[byte] as number) + 1;
  return out;
}

interface Labelled {
  features: Float32Array;
  /** 0 or 1. */
  label: number;
}

/** What a training set says of each feature: the means of both classes, the mean of all and its variance. */
interface Profile {
  means: [Float64Array, Float64Array];
  mean: Float64Array;
  variance: Float64Array;
}

function profileOf(training: readonly Labelled[]): Profile {
  const size = training[0]?.features.length ?? 0;
  const means: Profile['means'] = [new Float64Array(size), new Float64Array(size)];
  const variance = new Float64Array(size);
  for (const { features, label } of training) {
    const sums = means[label as 0 | 1];
    for (let i = 0; i < size; i++) {
      const value = features[i] as number;
      sums[i] = (sums[i] as number) + value;
      variance[i] = (variance[i] as number) + value * value;
    }
  }
  const half = training.length / 2;
  const mean = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    means[0][i] = (means[0][i] as number) / half;
    means[1][i] = (means[1][i] as number) / half;
    mean[i] = ((means[0][i] as number) + (means[1][i] as number)) / 2;
    variance[i] = Math.max((variance[i] as number) / training.length - (mean[i] as number) ** 2, 1e-12);
  }
  return { means, mean, variance };
}

const distance = ({ means, variance }: Profile, i: number) =>
  ((means[1][i] as number) - (means[0][i] as number)) / Math.sqrt(variance[i] as number);

type Classifier = (features: Float32Array) => number;

/** Logistic regression, by gradient descent, on the features in which the classes differ most. */
function logistic(training: readonly Labelled[], profile: Profile): Classifier {
  const scores = profile.mean.map((_, i) => Math.abs(distance(profile, i)));
  const least = scores.toSorted().at(-KEPT) ?? 0;
  const kept = [...scores.keys()].filter((i) => (scores[i] as number) >= least).slice(0, KEPT);
  const scale = (features: Float32Array) =>
    kept.map(
      (i) =>
        ((features[i] as number) - (profile.mean[i] as number)) / Math.sqrt(profile.variance[i] as number),
    );
  const rows = training.map(({ features, label }) => ({ x: scale(features), label }));
  const weights = new Float64Array(kept.length);
  const sum = (x: readonly number[]) =>
    x.reduce((total, value, i) => total + value * (weights[i] as number), 0);
  for (let step = 0; step < STEPS; step++) {
    const gradient = new Float64Array(kept.length);
    for (const { x, label } of rows) {
      const error = label - 1 / (1 + Math.exp(-sum(x)));
      x.forEach((value, i) => {
        gradient[i] = (gradient[i] as number) + (error * value) / rows.length;
      });
    }
    gradient.forEach((value, i) => {
      weights[i] = (weights[i] as number) + value;
    });
  }
  return (features) => (sum(scale(features)) > 0 ? 1 : 0);
}

/** The class whose mean over all features is nearer, each feature in units of its deviation. */
function nearestCentroid(_training: readonly Labelled[], { means, mean, variance }: Profile): Classifier {
  const weights = mean.map(
    (_, i) => ((means[1][i] as number) - (means[0][i] as number)) / (variance[i] as number),
  );
  return (features) => {
    let total = 0;
    for (let i = 0; i < weights.length; i++)
      total += ((features[i] as number) - (mean[i] as number)) * (weights[i] as number);
    return total > 0 ? 1 : 0;
  };
}

/** How well the better classifier tells two classes apart, and how well it may without a difference between them. */
export interface Verdict {
  accuracy: number;
  bound: number;
}

/**
 * Trains each classifier on one half and tries it on the other, both ways round. Where the classes do not differ, each try is a
 * count of fair coins, so the best of the four stays below `bound` but for a share of `rate`.
 * @param zero features of one class
 * @param one features of the other, as many
 */
export function tellApart(
  zero: readonly Float32Array[],
  one: readonly Float32Array[],
  rate = FALSE_ALARM,
): Verdict {
  const half = Math.floor(Math.min(zero.length, one.length) / 2);
  const fold = (from: number) => [
    ...zero.slice(from, from + half).map((features) => ({ features, label: 0 })),
    ...one.slice(from, from + half).map((features) => ({ features, label: 1 })),
  ];
  const folds = [fold(0), fold(half)] as const;
  const attempts = (
    [
      [0, 1],
      [1, 0],
    ] as const
  ).flatMap(([learn, attempt]) => {
    const profile = profileOf(folds[learn]);
    return [logistic, nearestCentroid].map((train) => {
      const classify = train(folds[learn], profile);
      return folds[attempt].filter(({ features, label }) => classify(features) === label).length;
    });
  });
  const n = 2 * half;
  return { accuracy: Math.max(...attempts) / n, bound: 0.5 + countBound(n, rate / attempts.length) / n };
}
