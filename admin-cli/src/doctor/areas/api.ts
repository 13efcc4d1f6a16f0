import type { ApiFacts, Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { findingsOf } from '../finding.ts';

const { ok, unseen, warning, fault } = findingsOf('API');
const READY = 204;

/** Whether the relay is ready, and answers at each origin that members dial. */
export function apiFindings({ relay, origins, host }: Facts): Finding[] {
  const findings = relay === undefined ? [] : [inside(relay)];
  const isUp = relay?.status === READY;
  for (const api of origins) findings.push(outside(api, isUp, host !== undefined));
  if (findings.length === 0)
    findings.push(unseen('Nobody said where the relay is: set RELAY_PUBLIC_URL, or give --relay.'));
  return findings;
}

function inside({ status, problem }: ApiFacts): Finding {
  if (status === READY) return ok('The relay is ready.');
  if (status === undefined) {
    return fault(
      `The relay does not answer (${problem ?? 'nothing came'}).`,
      'Members cannot reach it; their clients try again by themselves.',
      'docker compose up --detach; why it is away: make logs SERVICE=relay',
    );
  }
  return fault(
    `The relay answers ${status}: it is not ready.`,
    'It runs, and cannot serve: mostly because the database is away.',
    'make logs SERVICE=relay, and mind what is said of the database here',
  );
}

function outside({ origin, status, problem }: ApiFacts, isUp: boolean, fromServer: boolean): Finding {
  if (status === READY) return ok(`${origin} answers, and is ready.`);
  const way = origin.startsWith('https:')
    ? 'make logs SERVICE=caddy (or your own proxy), the DNS record and ports 80 and 443'
    : 'make up, RELAY_BIND and RELAY_PORT in .env';
  if (status !== undefined) {
    const finding = `${origin} answers ${status}.`;
    if (!isUp && status === 503)
      return fault(finding, 'The relay behind it is not ready.', 'make logs SERVICE=relay');
    return fault(
      finding,
      'What answers there is not this relay, or its proxy does not reach it.',
      `see ${way}`,
    );
  }
  const finding = `${origin} does not answer from here (${problem ?? 'nothing came'}).`;
  const means = 'Members who dial it do not reach the relay.';
  return isUp && fromServer
    ? warning(
        finding,
        `${means} Some networks do not let a server reach itself from outside: try it from elsewhere.`,
        `see ${way}`,
      )
    : fault(finding, means, `see ${way}`);
}
