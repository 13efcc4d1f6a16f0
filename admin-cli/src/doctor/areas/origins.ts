import { isIP } from 'node:net';
import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { findingsOf } from '../finding.ts';
import { isLoopback, isOnion, splitList } from '../origin.ts';

const { ok, warning, fault } = findingsOf('origins');
const SECURE = 'make up DOMAIN=relay.example.org with a name that points here';

/** The origins that clients dial and those that may call, and where the domain points. */
export function originsFindings(facts: Facts): Finding[] {
  return [...dialled(facts), ...callers(facts), ...domain(facts)];
}

function dialled({ settings }: Facts): Finding[] {
  const urls = splitList(settings.RELAY_PUBLIC_URL);
  const domainName = settings.RELAY_DOMAIN;
  const findings: Finding[] = [];
  const wrong = urls.filter((url) => !URL.canParse(url) || new URL(url).origin !== url);
  for (const url of wrong) {
    findings.push(
      fault(
        `RELAY_PUBLIC_URL holds "${url}", which is no origin.`,
        'The relay does not start with it.',
        'mend RELAY_PUBLIC_URL in .env, such as https://relay.example.org, then make up',
      ),
    );
  }
  if (domainName && !urls.includes(`https://${domainName}`)) {
    findings.push(
      fault(
        `RELAY_PUBLIC_URL does not hold https://${domainName}, the domain in .env.`,
        'Session proofs for that origin are refused: members who dial it cannot sign in.',
        `make up DOMAIN=${domainName}`,
      ),
    );
  }
  for (const url of urls.filter((one) => !wrong.includes(one))) {
    const { protocol, hostname } = new URL(url);
    if (protocol === 'http:' && !isLoopback(hostname) && !isOnion(hostname)) {
      findings.push(
        warning(
          `${url} is without TLS.`,
          'Who is on the way sees who talks to the relay, and can alter what it answers. Messages stay sealed.',
          SECURE,
        ),
      );
    }
  }
  const others = urls.filter((url) => !wrong.includes(url) && !isLoopback(new URL(url).hostname));
  if (findings.length === 0) {
    findings.push(
      ok(
        others.length === 0
          ? 'Members dial it on this machine or through a tunnel alone.'
          : `Members dial ${others.join(', ')}.`,
      ),
    );
  }
  return findings;
}

function callers({ settings, webOrigins }: Facts): Finding[] {
  const findings: Finding[] = [];
  for (const origin of splitList(settings.WEB_ORIGIN)) {
    if (URL.canParse(origin) && isLoopback(new URL(origin).hostname)) continue;
    findings.push(
      warning(
        `The web origin ${origin} is not on members’ own machines.`,
        'Whoever serves the client there can give members another one, which reads everything.',
        'take it out of WEB_ORIGIN in .env unless you mean it, then make up',
      ),
    );
  }
  for (const { origin, accepted } of webOrigins) {
    if (accepted) continue;
    findings.push(
      fault(
        `The relay that runs refuses the web origin ${origin}, which .env allows.`,
        'It was started with other settings.',
        'make up',
      ),
    );
  }
  return findings;
}

function domain({ settings, host }: Facts): Finding[] {
  const name = settings.RELAY_DOMAIN;
  if (!name || host === undefined || isIP(name) > 0) return [];
  if (host.resolved.length === 0) {
    return [
      fault(
        `${name} does not resolve.`,
        'Members do not find the relay, and the certificate is not renewed.',
        'at your DNS provider, give it an A record with this machine’s address; then make up',
      ),
    ];
  }
  const own = [host.address4, host.address6, ...splitList(settings.TURN_EXTERNAL_IP)];
  const elsewhere = host.resolved.filter((address) => !own.includes(address));
  if (elsewhere.length === 0) return [ok(`${name} points here.`)];
  return [
    warning(
      `${name} points to ${elsewhere.join(', ')}, which is no address of this machine.`,
      'Members who get that address do not reach it, unless a NAT or a floating address is in front.',
      'mend its A and AAAA records at your DNS provider; behind a NAT set TURN_EXTERNAL_IP in .env, then make up',
    ),
  ];
}
