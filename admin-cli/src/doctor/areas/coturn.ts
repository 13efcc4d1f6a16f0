import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { findingsOf } from '../finding.ts';

const { ok, unseen, fault } = findingsOf('coturn');

/** When the table was last compared with the advisories of coturn's project and with NVD. */
export const KNOWN_AT = '2026-11-26';

/** A fault of coturn that its configuration here does not rule out. */
export interface KnownFault {
  /** As advisories name it. */
  id: string;
  /** Published, `2026-02-25`. */
  published: string;
  /** First version that has it, where that matters. */
  since?: string;
  /** First version without it. */
  fixed: string;
  what: string;
}

/** Left out: faults of what is not used here (web and telnet consoles, OAuth, Redis and SQL servers, mobility, TCP relaying). */
export const KNOWN_FAULTS: readonly KnownFault[] = [
  { id: 'CVE-2018-4058', published: '2019-03-21', fixed: '4.5.0.9', what: 'relays to its own loopback' },
  {
    id: 'CVE-2020-4067',
    published: '2020-06-29',
    fixed: '4.5.1.3',
    what: 'gives out bytes of other clients in padding',
  },
  {
    id: 'CVE-2020-26262',
    published: '2021-01-13',
    fixed: '4.5.2',
    what: 'relays to loopback by 0.0.0.0 and [::]',
  },
  {
    id: 'CVE-2025-69217',
    published: '2025-12-30',
    fixed: '4.8.0',
    what: 'draws nonces and ports that can be guessed',
  },
  {
    id: 'CVE-2026-27624',
    published: '2026-02-25',
    fixed: '4.9.0',
    what: 'lets IPv4-mapped peers past denied-peer-ip',
  },
  {
    id: 'CVE-2026-40613',
    published: '2026-04-21',
    fixed: '4.10.0',
    what: 'can be crashed on ARM by odd lengths',
  },
  {
    id: 'CVE-2026-53450',
    published: '2026-07-10',
    fixed: '4.13.0',
    what: 'relays to loopback by an IPv4-mapped address',
  },
  {
    id: 'CVE-2026-68552',
    published: '2026-08-19',
    fixed: '4.15.0',
    what: 'loses the frames of a TCP stream by a length that wraps',
  },
  {
    id: 'CVE-2026-73213',
    published: '2026-08-11',
    fixed: '4.16.0',
    what: 'compares IPv6 ranges of denied-peer-ip wrongly',
  },
  {
    id: 'CVE-2026-73214',
    published: '2026-08-11',
    fixed: '4.16.0',
    what: 'can be filled by DTLS greetings of strangers',
  },
  {
    id: 'CVE-2026-73215',
    published: '2026-08-11',
    fixed: '4.17.0',
    what: 'lets one member use up the relay ports',
  },
  {
    id: 'coturn #2045',
    published: '2026-08-27',
    since: '4.17.0',
    fixed: '4.17.2',
    what: 'sends UDP that dies at the first router, so calls fail',
  },
];

/** Whether the TURN server's version has faults that are known. */
export function coturnFindings({ host }: Facts): Finding[] {
  if (host === undefined) return [];
  const { coturn } = host;
  if (coturn === undefined || !/^\d+\.\d+/.test(coturn))
    return [unseen('The version of coturn could not be seen.')];
  const has = KNOWN_FAULTS.filter(
    ({ fixed, since }) => isOlder(coturn, fixed) && (since === undefined || !isOlder(coturn, since)),
  );
  if (has.length === 0) return [ok(`Version ${coturn} has no fault that was known on ${KNOWN_AT}.`)];
  return has.map(({ id, fixed, what, published }) =>
    fault(
      `Version ${coturn} has ${id} (${published}): it ${what}.`,
      `It is mended in ${fixed}. The image takes the version of Debian when it is built.`,
      'docker compose build --no-cache --pull coturn, then make up',
    ),
  );
}

/** Whether a version comes before another, by their numbers: 4.9.0 before 4.18.0. What follows a `-` or `+` does not count. */
export function isOlder(version: string, than: string): boolean {
  const numbers = (text: string) => (text.split(/[-+~]/)[0] ?? '').split('.').map(Number);
  const [a, b] = [numbers(version), numbers(than)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
