/** What relay and clients hold: memory, file handles, connections to the database. */
import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { SoakSystem } from './system.ts';

/** One look at everything. */
export interface Sample {
  /** Minutes since the soak began. */
  at: number;
  /** Which of its lives the relay is in. */
  life: number;
  relayMb: number;
  relayHandles: number;
  workerMb: number;
  workerHandles: number;
  coturnMb: number;
  coturnHandles: number;
  /** Of relay and worker, to the database. */
  connections: number;
  /** Heap of all clients together after a full collection. */
  clientsMb: number;
  clientsHandles: number;
}

/** A figure that must not grow. */
export type Gauge = Exclude<keyof Sample, 'at' | 'life'>;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function residentMb(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

const handles = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

/** Looks at everything. */
export async function sample(system: SoakSystem, at: number): Promise<Sample> {
  const { relay, worker, coturn } = system.pids;
  const { lives: life } = system;
  const { rows } = await system.pool.query<{ count: string }>(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'soak'",
  );
  collect();
  return {
    at,
    life,
    relayMb: residentMb(relay),
    relayHandles: handles(relay),
    workerMb: residentMb(worker),
    workerHandles: handles(worker),
    coturnMb: residentMb(coturn),
    coturnHandles: handles(coturn),
    connections: Number(rows[0]?.count),
    clientsMb: process.memoryUsage().heapUsed / 2 ** 20,
    clientsHandles: handles(process.pid),
  };
}

/** How much more a gauge may show at the end than at the beginning: a part of it, and something besides. */
const SLACK: Readonly<Record<Gauge, { part: number; more: number }>> = {
  relayMb: { part: 0.15, more: 32 },
  relayHandles: { part: 0.1, more: 24 },
  workerMb: { part: 0.15, more: 24 },
  workerHandles: { part: 0, more: 6 },
  coturnMb: { part: 0.15, more: 16 },
  coturnHandles: { part: 0, more: 16 },
  connections: { part: 0, more: 10 },
  clientsMb: { part: 0.15, more: 48 },
  clientsHandles: { part: 0.1, more: 24 },
};

/** A gauge at the beginning and at the end of what is compared. */
export interface Trend {
  gauge: Gauge;
  first: number;
  last: number;
  isFlat: boolean;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/**
 * Compares the first third with the last third of what was seen in the relay's last life, by their medians.
 * @param samples in order
 */
export function trends(samples: readonly Sample[]): Trend[] {
  const life = samples.at(-1)?.life;
  const compared = samples.filter((one) => one.life === life);
  const third = Math.max(1, Math.floor(compared.length / 3));
  return (Object.keys(SLACK) as Gauge[]).map((gauge) => {
    const first = median(compared.slice(0, third).map((one) => one[gauge]));
    const last = median(compared.slice(-third).map((one) => one[gauge]));
    const { part, more } = SLACK[gauge];
    return { gauge, first, last, isFlat: last <= first * (1 + part) + more };
  });
}
