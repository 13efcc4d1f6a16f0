import { durationText } from '../../render/duration.ts';
import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { findingsOf } from '../finding.ts';

const { ok, unseen, warning, fault } = findingsOf('clock');
/** A new secret is used ten seconds after it was made. */
const TOLERATED = 60;
const MEANS =
  'Sign-in, credentials for calls and expiry depend on the time, and fail when it is minutes wrong.';

/** Whether the clock is kept, and was not set back. */
export function clockFindings({ host, now, turnSecrets }: Facts): Finding[] {
  const findings: Finding[] = [];
  const newest = turnSecrets.fault === undefined ? turnSecrets.secrets.at(-1)?.mintFrom : undefined;
  if (newest !== undefined && newest > now + TOLERATED) {
    findings.push(
      fault(
        `It is ${durationText(newest - now)} behind the time at which the newest TURN secret was made.`,
        `It was set back, or was wrong then. ${MEANS}`,
        'timedatectl set-ntp true, then make admin ARGS="turn rotate"',
      ),
    );
  }
  if (host === undefined) return findings;
  if (host.isClockSynchronised === undefined)
    return [...findings, unseen('Whether it is synchronised could not be seen (timedatectl).')];
  if (host.isClockSynchronised) return [...findings, ok('It is synchronised.')];
  return [...findings, warning('It is not synchronised.', MEANS, 'timedatectl set-ntp true')];
}
