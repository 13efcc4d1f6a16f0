import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { findingsOf } from '../finding.ts';

const { ok, unseen, fault } = findingsOf('TURN');

/** What `turn test` finds, each check that did not hold as a fault; one that was not tried is none. */
export function turnFindings({ turn, host }: Facts): Finding[] {
  if (turn.fault !== undefined) return [unseen(`It was not tested: ${turn.fault}`)];
  const { checks, host: server } = turn;
  const failures = checks.filter(({ held, skipped }) => !held && !skipped);
  const untried = checks.filter(({ skipped }) => skipped);
  const held = checks.length - failures.length - untried.length;
  const coturn = host?.services.find(({ name }) => name === 'coturn');
  const isAway = coturn !== undefined && coturn.state !== 'running';
  const findings = failures.map(({ name, reason, advice }) =>
    fault(
      `${name}: ${reason}`,
      /^(allocate|media)/.test(name)
        ? `Calls ${name.endsWith('udp') ? 'do not connect, or only by slower ways' : 'fail for members whose network blocks other ways'}.`
        : 'The TURN server lets through what it should not, or refuses members.',
      isAway
        ? 'docker compose up --detach'
        : `${advice ?? 'See the TURN server.'} Again: make admin ARGS="turn test --host ${server}"`,
    ),
  );
  findings.push(...untried.map(({ name, reason }) => unseen(`${name}: ${reason}`)));
  return held === 0 ? findings : [ok(`${held} of ${checks.length} checks held at ${server}.`), ...findings];
}
