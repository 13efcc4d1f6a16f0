import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { findingsOf } from '../finding.ts';
import type { ServiceFacts } from '../host-facts.ts';

const { ok, unseen, warning, fault } = findingsOf('services');
const ALIVE = ['running', 'restarting', 'paused'];
/** What runs once and ends, and which services start only after that ended well (`depends_on` in docker-compose.yml). */
const ONE_SHOT: Readonly<Record<string, readonly string[]>> = {
  init: ['postgres', 'coturn'],
  migrate: ['relay', 'worker'],
};
/** Restarts that tell of more than one accident. */
const MANY_RESTARTS = 3;

/** What members lose while a service is away. */
const MEANS: Readonly<Record<string, string>> = {
  init: 'Secrets may be missing, so that what needs them does not start.',
  postgres: 'The relay answers nobody: messages are neither taken nor given out.',
  migrate: 'The database is not up to date, and relay and worker do not start. Nothing is lost.',
  relay: 'Members cannot reach the relay; their clients try again by themselves.',
  worker: 'What has expired stays on the disk, and TURN secrets do not rotate.',
  coturn: 'Calls do not connect.',
  caddy: 'Members cannot reach the relay over https, and the certificate is not renewed.',
  certificate: 'TURN over TLS may show an old certificate.',
  tor: 'The onion service is away.',
};

/** Every service: whether it runs, is well, and stays so. */
export function servicesFindings({ host }: Facts): Finding[] {
  if (host === undefined) return [];
  const { services, missingVolumes } = host;
  if (services.length === 0) return [unseen('The services could not be seen.')];
  const lost = missingVolumes.map((name) =>
    fault(
      `The volume ${name} is missing.`,
      'What it held is gone, or the project goes by another name than before (COMPOSE_PROJECT_NAME).',
      'docker volume ls, then make up, which makes it again, empty',
    ),
  );
  if (services.every(({ state }) => !ALIVE.includes(state))) {
    return [fault('No service runs: the appliance is stopped.', 'Nobody can reach it.', 'make up'), ...lost];
  }
  const findings = services.flatMap((service) => findingsOfService(service, services));
  const well = services.length - new Set(findings.map(({ finding }) => finding.split(' ')[0])).size;
  return [
    ...(well > 0 ? [ok(`${well} of ${services.length} services are well.`)] : []),
    ...findings,
    ...lost,
  ];
}

function findingsOfService(service: ServiceFacts, all: readonly ServiceFacts[]): Finding[] {
  const { name, state, health, exitCode, restarts, outOfMemory } = service;
  const means = MEANS[name] ?? 'A part of the appliance is away.';
  const logs = `make logs SERVICE=${name}`;
  if (outOfMemory) {
    const size = ['postgres', 'relay', 'coturn', 'caddy', 'tor'].includes(name)
      ? `set ${name.toUpperCase()}_MEMORY in .env to more, then make up`
      : 'docker compose up --detach';
    return [fault(`${name} was ended because its memory was used up.`, means, size)];
  }
  const followers = ONE_SHOT[name];
  if (state === 'absent') {
    // Whoever cleans Docker up removes what has ended. It did its work where a service runs that started only after it.
    if (all.some((one) => one.state === 'running' && followers?.includes(one.name))) return [];
    return [fault(`${name} has no container.`, means, 'docker compose up --detach')];
  }
  if (followers !== undefined) {
    if (state === 'exited' && exitCode !== 0) {
      return [fault(`${name} ended with exit code ${exitCode}.`, means, `${logs}, then make up`)];
    }
    return [];
  }
  if (state === 'exited' || state === 'dead' || state === 'created') {
    return [
      fault(
        `${name} does not run (exit code ${exitCode}).`,
        means,
        `docker compose up --detach; why it ended: ${logs}`,
      ),
    ];
  }
  if (state === 'restarting') {
    return [fault(`${name} fails and starts again and again (exit code ${exitCode}).`, means, logs)];
  }
  if (state === 'paused') return [fault(`${name} is paused.`, means, `docker compose unpause ${name}`)];
  if (health === 'unhealthy') return [fault(`${name} runs and is not well.`, means, logs)];
  if (health === 'starting') {
    return [warning(`${name} is starting.`, 'It may need a minute.', 'make status, in a minute')];
  }
  if (restarts >= MANY_RESTARTS) {
    const finding = `${name} runs, after ${restarts} restarts by itself.`;
    return [warning(finding, 'Something ends it now and then.', logs)];
  }
  return [];
}
