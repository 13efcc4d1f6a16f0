/** Ever more members of one circle in one call: who is connected, and how much of what is sent arrives. */
import { cpus } from 'node:os';
import type { CallWindow } from '../support/call-window.ts';

/** How long is measured, in milliseconds, and how long a call may take until all are connected. */
const MEASURE_MS = 10_000;
const CONNECT_MS = 120_000;
const POLL_MS = 500;
/** Before that, bandwidth estimation and encoders find their pace. */
const SETTLE_MS = 8_000;

/** How one call went. */
export interface CrowdFigures {
  kind: 'voice' | 'video';
  people: number;
  /** Connections that stand on both sides, of those that there should be. */
  connected: number;
  pairs: number;
  /** Seconds from the click that begins it until then. */
  seconds: number;
  /** Packets of sound that one page sends to one other in a second; a browser that keeps up sends 50. */
  packets: number;
  /** The part of all these packets that arrives. */
  arrived: number;
  /** Pictures that one page decodes of one other in a second; 0 without cameras. */
  frames: number;
  /** The part of the whole machine's processor that is at work. */
  busy: number;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function processor(): { busy: number; all: number } {
  const times = cpus().map(({ times }) => times);
  const idle = times.reduce((sum, one) => sum + one.idle, 0);
  const all = times.reduce((sum, one) => sum + Object.values(one).reduce((a, b) => a + b, 0), 0);
  return { busy: all - idle, all };
}

interface Totals {
  spoken: number;
  heard: number;
  frames: number;
}

async function totals(windows: readonly CallWindow[]): Promise<Totals> {
  const figures = (await Promise.all(windows.map((window) => window.figures()))).flat();
  return figures.reduce(
    (sum, { spoken, heard, frames }) => ({
      spoken: sum.spoken + spoken.packets,
      heard: sum.heard + heard.packets,
      frames: sum.frames + Object.values(frames).reduce((a, b) => a + b, 0),
    }),
    { spoken: 0, heard: 0, frames: 0 },
  );
}

/** Connections to others that these windows show, each counted once. */
async function connectedPairs(windows: readonly CallWindow[]): Promise<number> {
  const shown = await Promise.all(windows.map(async (window) => (await window.connected()).length));
  return Math.floor(shown.reduce((sum, count) => sum + count, 0) / 2);
}

async function untilConnected(windows: readonly CallWindow[], pairs: number, since: number): Promise<void> {
  while ((await connectedPairs(windows)) < pairs && Date.now() - since < CONNECT_MS) await wait(POLL_MS);
}

/**
 * Has the first `people` windows in a call, measures it, and ends it.
 * @param windows members of one group, in which the first one calls; its thread is open in all of them
 * @throws Error of the browser, where a window does not do as it should
 */
export async function callOf(
  windows: readonly CallWindow[],
  people: number,
  kind: 'voice' | 'video',
): Promise<CrowdFigures> {
  const [caller, ...others] = windows.slice(0, people) as [CallWindow, ...CallWindow[]];
  const all = [caller, ...others];
  const pairs = (people * (people - 1)) / 2;
  const begun = Date.now();
  await caller.call(kind);
  await Promise.all(others.map((other) => other.accept(kind === 'video')));
  await untilConnected(all, pairs, begun);
  const seconds = (Date.now() - begun) / 1_000;
  await wait(SETTLE_MS);
  const [before, from, at] = [await totals(all), processor(), Date.now()];
  await wait(MEASURE_MS);
  const [after, to, until] = [await totals(all), processor(), Date.now()];
  const connected = await connectedPairs(all);
  for (const window of all.toReversed()) await window.leave();
  const perWay = (2 * pairs * (until - at)) / 1_000;
  const spoken = after.spoken - before.spoken;
  return {
    ...{ kind, people, connected, pairs, seconds },
    packets: spoken / perWay,
    arrived: (after.heard - before.heard) / Math.max(1, spoken),
    frames: (after.frames - before.frames) / perWay,
    busy: (to.busy - from.busy) / (to.all - from.all),
  };
}
