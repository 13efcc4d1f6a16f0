import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { findingsOf } from '../finding.ts';
import type { HostFacts, PortFacts } from '../host-facts.ts';

const { ok, unseen, warning, fault } = findingsOf('ports');
/** How the programs that hold ports for a service are called by the system. */
const OWN: Readonly<Record<string, RegExp>> = {
  coturn: /^(turnserver|docker-proxy|rootlesskit|dockerd)$/,
};
const DOCKER = /^(docker-proxy|rootlesskit|dockerd)$/;

const CHANGE: Readonly<Record<string, string>> = {
  relay: 'end it, or set RELAY_PORT in .env, then make up',
  caddy:
    'end it, or let it pass requests on (docs/operating.md, "A web server is there already"), then make up',
  coturn: 'end it, or set TURN_PORT (TURNS_PORT for TLS) in .env, then make up',
};

/** Whether each port that a service is to have is listened on, and by whom. */
export function portsFindings({ host }: Facts): Finding[] {
  if (host === undefined) return [];
  const { listeners, expectedPorts, services } = host;
  if (listeners === undefined)
    return [unseen('What listens could not be seen (ss, in the package iproute2).')];
  const good: string[] = [];
  const findings: Finding[] = [];
  for (const expected of expectedPorts) {
    const { service, port, protocol } = expected;
    const name = `${port}/${protocol}`;
    const holders = listeners.filter((one) => holds(one, expected));
    const runs = services.find((one) => one.name === service)?.state === 'running';
    const stranger = holders.find(
      ({ program }) => program !== undefined && !(OWN[service] ?? DOCKER).test(program),
    );
    if (
      stranger !== undefined ||
      (holders.length > 0 && !runs && holders.every(({ program }) => program === undefined))
    ) {
      findings.push(
        fault(
          `Port ${name} of ${service} is taken by ${stranger?.program ?? 'another program'}.`,
          `${service} cannot start, or does not get what members send.`,
          `ss -lnp 'sport = :${port}' shows it; ${CHANGE[service] ?? 'end it, then make up'}`,
        ),
      );
    } else if (holders.length > 0) good.push(name);
    else if (runs) findings.push(silent(host, expected, name));
  }
  const held = [...new Set(good)];
  return held.length === 0 ? findings : [ok(`Listened on: ${held.join(', ')}.`), ...findings];
}

function silent(host: HostFacts, { service }: { service: string }, name: string): Finding {
  const means = 'Members cannot reach that port.';
  // Docker may hand packets on without a socket of its own.
  const byRules = !host.listeners?.some(({ program }) => program !== undefined && DOCKER.test(program));
  return service !== 'coturn' && byRules
    ? warning(
        `Nothing is seen to listen on ${name} of ${service}.`,
        `${means} Unless Docker hands them on without a socket.`,
        `make logs SERVICE=${service}`,
      )
    : fault(
        `${service} runs, and nothing listens on its port ${name}.`,
        means,
        `make logs SERVICE=${service}, then make up`,
      );
}

function holds(listener: PortFacts, wanted: PortFacts): boolean {
  const isAny = (address: string) => /^(\*|0\.0\.0\.0|::|)$/.test(address);
  return (
    listener.protocol === wanted.protocol &&
    listener.port === wanted.port &&
    (isAny(listener.address) || isAny(wanted.address) || listener.address === wanted.address)
  );
}
