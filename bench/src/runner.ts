import type { Contestant, Measurement, Trial, Unit } from './measurement.ts';
import type { Sizes } from './options.ts';
import type { Figure } from './statistics.ts';
import { orderOf, summarise, summariseParts } from './statistics.ts';
import type { World } from './system/world.ts';

/** What a measurement came to. */
export interface Result {
  name: string;
  title: string;
  unit: Unit;
  subject: string;
  figures: Figure[];
  /** For contestants that are a sum of steps: medians of the steps in milliseconds, by name of the contestant. */
  parts: Record<string, Record<string, number>>;
}

/**
 * Runs the rounds of all contestants in turn, so that whatever else the machine does meets them alike, after one that does not count.
 * @returns by round, the trials in the order of `contestants`
 */
export async function interleave(
  contestants: readonly Contestant[],
  rounds: number,
  onRound: (round: number) => void = () => {},
): Promise<Trial[][]> {
  const done: Trial[][] = [];
  for (let round = 0; round <= rounds; round++) {
    onRound(round);
    const trials: Trial[] = [];
    for (const index of orderOf(round, contestants.length)) {
      const contestant = contestants[index];
      if (contestant) trials[index] = await contestant.run();
    }
    if (round > 0) done.push(trials);
  }
  return done;
}

/** How many rounds of a measurement count. */
export function roundsOf({ mostRounds }: Pick<Measurement, 'mostRounds'>, { rounds }: Sizes): number {
  return Math.min(rounds, mostRounds ?? rounds);
}

/** Runs one measurement and sums it up. */
export async function runMeasurement(
  measurement: Measurement,
  world: World,
  sizes: Sizes,
  onRound: (round: number) => void,
): Promise<Result> {
  const { name, title, unit, quantiles } = measurement;
  const prepared = await measurement.prepare(world, sizes);
  try {
    const contestants = [prepared.subject, ...prepared.floors];
    const rounds = await interleave(contestants, roundsOf(measurement, sizes), onRound);
    const names = contestants.map((contestant) => contestant.name);
    const parts = names.map((contestant, i) => {
      const trials = rounds.flatMap((trialsOfRound) => trialsOfRound[i] ?? []);
      return [contestant, summariseParts(trials)] as const;
    });
    return {
      name,
      title,
      unit,
      subject: prepared.subject.name,
      figures: quantiles.map((q) => summarise(unit, q, names, rounds)),
      parts: Object.fromEntries(parts.filter(([, steps]) => Object.keys(steps).length > 0)),
    };
  } finally {
    await prepared.close();
  }
}
