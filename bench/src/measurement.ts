import type { Sizes } from './options.ts';
import type { World } from './system/world.ts';

/** What a figure counts. Of `ms` less is better, of the others more. */
export type Unit = 'blobs/s' | 'MB/s' | 'ops/s' | 'ms';

/** What one contestant did in one round. */
export interface Trial {
  /** In the measurement's unit: one rate, or a time for each of many repetitions. */
  samples: readonly number[];
  /** Times of the steps of each repetition, or others that belong to it, in milliseconds. */
  parts?: Readonly<Record<string, readonly number[]>>;
}

/** The subject, or one of the floors that it is held against. */
export interface Contestant {
  /** In words, for the table. */
  name: string;
  /** Runs one round. Making things ready and clearing them away again is not in the time it reports. */
  run(): Promise<Trial>;
}

/** A measurement that is ready to run. */
export interface Prepared {
  /** What Relay does. */
  subject: Contestant;
  /** The same work without what Relay adds, by the barest means there are; at least one. */
  floors: readonly Contestant[];
  /** Frees what this measurement alone holds. */
  close(): Promise<void>;
}

/** One measurement: a file in `measurements/`, listed in its registry. */
export interface Measurement {
  /** What `--only` calls it. */
  name: string;
  /** What is done, in words. */
  title: string;
  unit: Unit;
  /** Which figures to show of the samples of a round, from 0 to 1; `[0.5]` for rates. */
  quantiles: readonly number[];
  /** Rounds at most, for what takes long; as many as asked for unless given. */
  mostRounds?: number;
  /** Makes both sides ready, in one world, with the same sizes. */
  prepare(world: World, sizes: Sizes): Promise<Prepared>;
}
