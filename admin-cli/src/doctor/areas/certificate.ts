import { counted } from '../../render/table.ts';
import type { CertificateFacts, Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { findingsOf } from '../finding.ts';

const { ok, warning, fault } = findingsOf('certificate');
const DAY = 86_400;
/** Caddy renews with a third of the life left, 30 days of 90; a healthy one is never below this for long. */
const SOON = 21;
const VERY_SOON = 10;
/** Codes of Node for a certificate of an authority that this machine does not know. */
const OWN_AUTHORITY =
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?)$/;

/** Certificates of the API and of TURN over TLS: trust, and days left. */
export function certificateFindings({ origins, turn, now, settings }: Facts): Finding[] {
  const isInternal = settings.RELAY_TLS_ISSUER === 'internal';
  const shown = origins.flatMap(({ origin, certificate }) =>
    certificate === undefined ? [] : [{ where: origin, certificate, service: 'caddy' }],
  );
  if (turn.fault === undefined && turn.certificate !== undefined) {
    shown.push({ where: 'TURN over TLS', certificate: turn.certificate, service: 'certificate' });
  }
  return shown.flatMap(({ where, certificate, service }) =>
    judge(where, certificate, { now, isInternal, service }),
  );
}

function judge(
  where: string,
  { validFrom, validTo, distrust }: CertificateFacts,
  { now, isInternal, service }: { now: number; isInternal: boolean; service: string },
): Finding[] {
  const days = Math.floor((validTo - now) / DAY);
  const mend = `make logs SERVICE=${service}; the domain must point here and port 80 be open`;
  if (now < validFrom) {
    return [
      fault(
        `${where}: the certificate is not valid yet.`,
        'The clock here is wrong, or was where it was made.',
        'timedatectl set-ntp true',
      ),
    ];
  }
  if (now >= validTo) {
    return [fault(`${where}: the certificate has expired.`, 'Members’ browsers refuse to connect.', mend)];
  }
  const findings: Finding[] = [];
  if (distrust !== undefined && !(isInternal && OWN_AUTHORITY.test(distrust))) {
    findings.push(
      fault(
        `${where}: the certificate is not trusted (${distrust}).`,
        'Members’ browsers refuse to connect.',
        `${mend}; for an authority of your own set RELAY_TLS_ISSUER=internal in .env, then make up`,
      ),
    );
  }
  // An authority of one's own gives short lives, and renews them as often.
  const left = `${where}: ${days < 2 ? counted(Math.floor((validTo - now) / 3_600), 'hour') : counted(days, 'day')} left.`;
  const isShort = validTo - validFrom < 2 * SOON * DAY;
  const means = 'It should have been renewed before now. When it expires, browsers refuse to connect.';
  if (!isShort && days < VERY_SOON) findings.push(fault(left, means, mend));
  else if (!isShort && days < SOON) findings.push(warning(left, means, mend));
  else findings.push(ok(left));
  return findings;
}
