import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { findingsOf } from '../finding.ts';

const { ok, unseen, warning } = findingsOf('relay range');
const LEAST = 49_152;
const MOST = 53_247;

/**
 * What else answers on the relay's UDP ports at this machine's own address. Members reach it through TURN: the address is one they may talk
 * to, as it is that of each other's allocations.
 */
export function relayRangeFindings({ host, settings }: Facts): Finding[] {
  // With published ports coturn is in a network of its own, and nothing else is there.
  if (host === undefined || /turn-ports/.test(settings.COMPOSE_FILE ?? '')) return [];
  if (host.listeners === undefined)
    return [unseen('What answers in it could not be seen (ss, in the package iproute2).')];
  const least = Number(settings.TURN_MIN_PORT || LEAST);
  const most = Number(settings.TURN_MAX_PORT || MOST);
  const runs = host.services.some(({ name, state }) => name === 'coturn' && state === 'running');
  const others = host.listeners.filter(({ protocol, address, port, program }) => {
    if (protocol !== 'udp' || port < least || port > most || /^(127\.|::1$)/.test(address)) return false;
    if (program !== undefined) return program !== 'turnserver';
    // coturn relays from addresses, never from all of them at once.
    return !runs || /^(\*|0\.0\.0\.0|::)$/.test(address);
  });
  if (others.length === 0) return [ok(`Nothing but the TURN server answers on ${least}-${most}/udp.`)];
  const names = [
    ...new Set(others.map(({ port, program }) => `${port}${program === undefined ? '' : ` (${program})`}`)),
  ];
  return [
    warning(
      `Another program answers on UDP ${names.join(', ')}, within ${least}-${most}.`,
      'Members reach it through the TURN server as if they were on this machine, past its firewall; and calls cannot use that port.',
      `ss -lunp 'sport = :${others[0]?.port}' shows it; move it, or set TURN_MIN_PORT and TURN_MAX_PORT in .env, then make up`,
    ),
  ];
}
