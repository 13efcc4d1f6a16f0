import type { Trial, Unit } from './measurement.ts';

/**
 * A quantile with linear interpolation between neighbours.
 * @param samples at least one, in any order
 * @param q from 0 (least) to 1 (most)
 * @throws RangeError without samples
 */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('a quantile of no samples');
  return below + (above - below) * (place - Math.floor(place));
}

/** The middle one of the samples; see {@link quantile}. */
export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** How fast the subject is as a share of the floor: 1 is the floor's own speed, 0.5 half of it, whatever the unit. */
export function speedOf(unit: Unit, subject: number, floor: number): number {
  return unit === 'ms' ? floor / subject : subject / floor;
}

/**
 * The order in which contestants run in a round. It turns by one each round, so that nobody always runs first.
 * @returns each index below `count` once
 */
export function orderOf(round: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => (i + round) % count);
}

/** A floor beside the subject. */
export interface FloorFigure {
  name: string;
  /** Median over the rounds, in the measurement's unit. */
  value: number;
  /** Median of the rounds' {@link speedOf}: subject and floor of the same round are compared, then the rounds. */
  speed: number;
  /** Between these lies the middle half of the rounds. */
  range: readonly [number, number];
}

/** One figure of a measurement, with its floors. */
export interface Figure {
  quantile: number;
  /** Median over the rounds, in the measurement's unit. */
  value: number;
  floors: FloorFigure[];
}

/**
 * Sums up one quantile over the rounds.
 * @param names of the contestants, the subject first
 * @param rounds each with one trial for each contestant, in the order of `names`
 */
export function summarise(
  unit: Unit,
  q: number,
  names: readonly string[],
  rounds: readonly (readonly Trial[])[],
): Figure {
  const ofContestant = (index: number) => rounds.map((trials) => quantile(trials[index]?.samples ?? [], q));
  const subject = ofContestant(0);
  const floors = names.slice(1).map((name, i) => {
    const floor = ofContestant(i + 1);
    const speeds = floor.map((value, round) => speedOf(unit, subject[round] ?? Number.NaN, value));
    const range = [quantile(speeds, 0.25), quantile(speeds, 0.75)] as const;
    return { name, value: median(floor), speed: median(speeds), range };
  });
  return { quantile: q, value: median(subject), floors };
}

/** Medians of the steps that a contestant's trials are the sum of, in milliseconds, over all rounds. */
export function summariseParts(trials: readonly Trial[]): Record<string, number> {
  const names = Object.keys(trials[0]?.parts ?? {});
  return Object.fromEntries(
    names.map((name) => [name, median(trials.flatMap(({ parts }) => parts?.[name] ?? []))]),
  );
}
