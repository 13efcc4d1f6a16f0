import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { findingsOf } from '../finding.ts';
import type { HostFacts } from '../host-facts.ts';
import { splitList } from '../origin.ts';

const { ok, unseen, warning } = findingsOf('relay range');
const LEAST = 49_152;
const MOST = 53_247;
/** Where a machine waits for its own address by DHCP, over IPv4 and IPv6. Without it many servers have none. */
const DHCP_CLIENT = [68, 546];

type Listener = NonNullable<HostFacts['listeners']>[number];

/**
 * What else answers over UDP at this machine's own address, within the relay's ports and outside them. Members reach it through TURN: the
 * address is one they may talk to, on any port, as it is that of each other's allocations (images/coturn/lib/configuration.sh). No more than a
 * warning: a program that asks others gets a port of that range by chance, and a server for everybody may be meant so.
 */
export function relayRangeFindings({ host, settings }: Facts): Finding[] {
  // With published ports coturn is in a network of its own, and nothing else is there.
  if (host === undefined || /turn-ports/.test(settings.COMPOSE_FILE ?? '')) return [];
  if (host.listeners === undefined)
    return [unseen('What answers in it could not be seen (ss, in the package iproute2).')];
  const least = Number(settings.TURN_MIN_PORT || LEAST);
  const most = Number(settings.TURN_MAX_PORT || MOST);
  const range = `${least}-${most}`;
  const isWithin = ({ port }: Listener) => port >= least && port <= most;
  const runs = host.services.some(({ name, state }) => name === 'coturn' && state === 'running');
  // coturn relays from addresses, never from all of them at once.
  const mayRelay = (one: Listener) =>
    runs && one.program === undefined && isWithin(one) && !isAnyAddress(one.address);
  const others = reachable(host, settings).filter(({ program }) => program !== 'turnserver');
  const nameless = others.filter(mayRelay);
  const strangers = others.filter((one) => !mayRelay(one));
  const within = strangers.filter(isWithin);
  const outside = strangers.filter((one) => !isWithin(one));
  const findings: Finding[] = [];
  if (within.length > 0) {
    findings.push(
      warning(
        `Another program answers on UDP ${named(within)}, within ${range}.`,
        'Members reach it through the TURN server as if they were on this machine, past its firewall; and calls cannot use that port.',
        `${shown(within)}; sysctl -w net.ipv4.ip_local_reserved_ports=${range}, then start it anew, where it has that port by chance; else move it, or set TURN_MIN_PORT and TURN_MAX_PORT in .env, then make up`,
      ),
    );
  }
  if (outside.length > 0) {
    findings.push(
      warning(
        `Another program answers on UDP ${named(outside)} at the address of the TURN server.`,
        'Members reach it through the TURN server as if they were on this machine, past its firewall.',
        `${shown(outside)}; end it, or let it listen on 127.0.0.1 alone, unless everybody may reach it`,
      ),
    );
  }
  if (nameless.length > 0) {
    findings.push(
      unseen(
        `Whether the TURN server alone answers on ${range}/udp could not be seen: run it as root, who sees the programs’ names.`,
      ),
    );
  }
  return findings.length > 0
    ? findings
    : [ok(`Nothing but the appliance answers over UDP at the address of the TURN server.`)];
}

/** What coturn lets members reach over UDP, but for the appliance's own ports. */
function reachable(host: HostFacts, settings: Facts['settings']): Listener[] {
  const own = [
    ...splitList(settings.TURN_LISTEN_IP),
    ...splitList(settings.TURN_EXTERNAL_IP),
    host.address4,
    host.address6,
  ].filter((address) => address);
  return (host.listeners ?? []).filter(({ protocol, address, port }) => {
    if (protocol !== 'udp' || /^(127\.|::1$)/.test(address) || DHCP_CLIENT.includes(port)) return false;
    if (host.expectedPorts.some((one) => one.protocol === protocol && one.port === port)) return false;
    return isAnyAddress(address) || own.length === 0 || own.includes(address);
  });
}

function isAnyAddress(address: string): boolean {
  return /^(\*|0\.0\.0\.0|::)$/.test(address);
}

/** `53 (named), 111`: ports with the programs that have them, as far as they are known. */
function named(listeners: readonly Listener[]): string {
  const names = listeners.map(
    ({ port, program }) => `${port}${program === undefined ? '' : ` (${program})`}`,
  );
  return [...new Set(names)].join(', ');
}

function shown([first]: readonly Listener[]): string {
  return `ss -lunp 'sport = :${first?.port}' shows it`;
}
