import { bytesText } from '../../render/bytes.ts';
import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { findingsOf } from '../finding.ts';

const { ok, unseen, warning, fault } = findingsOf('engine');
const LEAST_MEMORY = 700_000_000;
const ADVISED_MEMORY = 950_000_000;

/** The engine, compose and the machine's memory. */
export function engineFindings({ host }: Facts): Finding[] {
  if (host === undefined) {
    return [
      unseen('The engine, its containers, ports and disk are seen from the server alone: make doctor.'),
    ];
  }
  const { engine, compose, memoryBytes } = host;
  return [
    engine === undefined
      ? unseen('The version of the Docker engine is not known.')
      : version('Docker engine', engine, [25, 0], 'curl -fsSL https://get.docker.com | sh'),
    compose === undefined
      ? unseen('The version of Docker compose is not known.')
      : version('Docker compose', compose, [2, 24], 'apt-get install docker-compose-plugin'),
    ...(memoryBytes === undefined ? [] : [memory(memoryBytes)]),
  ];
}

function version(name: string, text: string, [major, minor]: [number, number], mend: string): Finding {
  const [, first, second] = /^v?(\d+)\.(\d+)/.exec(text) ?? [];
  const isEnough = Number(first) > major || (Number(first) === major && Number(second) >= minor);
  if (isEnough) return ok(`${name} ${text}.`);
  return fault(
    `${name} ${text} is older than ${major}.${minor}.`,
    'The compose files ask for what it does not know, so the next start may fail.',
    mend,
  );
}

function memory(bytes: number): Finding {
  if (bytes >= ADVISED_MEMORY) return ok(`Memory of ${bytesText(bytes)}.`);
  const finding = `The machine has ${bytesText(bytes)} of memory; 1 GB is needed.`;
  const means = 'The kernel may end a service when many members send at once.';
  const mend = 'fallocate -l 1G /swap && chmod 600 /swap && mkswap /swap && swapon /swap';
  return bytes < LEAST_MEMORY ? fault(finding, means, mend) : warning(finding, means, mend);
}
