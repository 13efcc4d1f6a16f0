/** Judges how good a connection is. */
import type { ConnectionReport } from './media.ts';

/** Highest values that still count: seconds, part of the packets. A conversation suffers above 0.3 s both ways (ITU-T G.114) and 2 % of loss. */
const LIMITS = {
  good: { roundTrip: 0.3, loss: 0.02, jitter: 0.03 },
  fair: { roundTrip: 0.6, loss: 0.08, jitter: 0.08 },
} as const;

/** How good the media arrive; `unknown` while nothing was measured. */
export function qualityOf(report: ConnectionReport | undefined): 'unknown' | 'good' | 'fair' | 'poor' {
  const roundTrip = report?.roundTrip;
  if (report === undefined || roundTrip === undefined) return 'unknown';
  const keeps = (limits: (typeof LIMITS)['good' | 'fair']) =>
    roundTrip <= limits.roundTrip && report.loss <= limits.loss && report.jitter <= limits.jitter;
  if (keeps(LIMITS.good)) return 'good';
  return keeps(LIMITS.fair) ? 'fair' : 'poor';
}
