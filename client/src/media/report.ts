/** Reads what the browser measured of a connection. */
import type { ConnectionReport, Line } from './media.ts';

/** Packets counted so far, for the next difference. */
export interface Counted {
  received: number;
  lost: number;
}

/** One entry of an `RTCStatsReport`, of whatever type. */
type Stat = Record<string, unknown>;

/** Whatever can be asked for its values and by id, as an `RTCStatsReport` can. */
export type Stats = Pick<Map<string, unknown>, 'get' | 'values'>;

const numberIn = (stat: Stat | undefined, name: string) => {
  const value = stat?.[name];
  return typeof value === 'number' ? value : undefined;
};

const kindIn = (stats: Stats, id: unknown) => {
  const type = (stats.get(String(id)) as Stat | undefined)?.candidateType;
  return typeof type === 'string' ? type : undefined;
};

/** The pair of candidates in use: Chromium names it by the transport, Firefox marks it. */
function selectedPair(all: readonly Stat[]): Stat | undefined {
  const chosen = all.find(
    ({ type, selectedCandidatePairId: id }) => type === 'transport' && id !== undefined,
  );
  return all.find(
    ({ type, id, selected }) =>
      type === 'candidate-pair' &&
      (chosen === undefined ? selected === true : id === chosen.selectedCandidatePairId),
  );
}

/**
 * @param lineOf the line of a mid
 * @param before what was counted the last time
 * @returns the report, and what to give the next time
 */
export function readReport(
  stats: Stats,
  lineOf: (mid: unknown) => Line | undefined,
  before: Counted = { received: 0, lost: 0 },
): { report: ConnectionReport; counted: Counted } {
  const all = [...stats.values()] as Stat[];
  const inbound = all.filter(({ type }) => type === 'inbound-rtp');
  const sum = (name: string) => inbound.reduce((total, stat) => total + (numberIn(stat, name) ?? 0), 0);
  const counted = { received: sum('packetsReceived'), lost: sum('packetsLost') };
  // Late packets take a loss back.
  const lost = Math.max(0, counted.lost - before.lost);
  const received = Math.max(0, counted.received - before.received);
  const on = (line: Line) => inbound.find(({ mid }) => lineOf(mid) === line);
  const pair = selectedPair(all);
  const report = {
    roundTrip: numberIn(pair, 'currentRoundTripTime'),
    loss: lost + received === 0 ? 0 : lost / (lost + received),
    jitter: numberIn(on('voice'), 'jitter') ?? 0,
    local: kindIn(stats, pair?.localCandidateId),
    remote: kindIn(stats, pair?.remoteCandidateId),
    frames: {
      camera: numberIn(on('camera'), 'framesDecoded') ?? 0,
      screen: numberIn(on('screen'), 'framesDecoded') ?? 0,
    },
  };
  return { report, counted };
}
