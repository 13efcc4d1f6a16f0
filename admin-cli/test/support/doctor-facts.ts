import { readFileSync } from 'node:fs';
import type { Facts } from '../../src/doctor/index.ts';
import { parseHostFacts } from '../../src/doctor/index.ts';

/** Unix seconds. */
export const NOW = 1_795_000_000;
export const DAY = 86_400;

const SECRETS = [
  ...['owner', 'relay', 'worker', 'admin'].map(
    (role) => `400 999 999 ${NOW - DAY} postgres/${role}.password`,
  ),
  ...['migrate', 'relay', 'worker', 'admin'].map(
    (volume) => `400 10001 10001 ${NOW - DAY} ${volume}/database-url`,
  ),
  `640 10001 10002 ${NOW - DAY} turn/secrets`,
];

/** What the host half's own test saw it say, line by line; see scripts/test/appliance-doctor.test.ts. */
export const HOST_LINES: readonly string[] = readFileSync(
  new URL('../../../scripts/test/golden/host-facts.txt', import.meta.url),
  'utf8',
)
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('secret=') && !line.endsWith('mosh'))
  .concat(SECRETS.map((line) => `secret=${line}`));

/**
 * What the host half said, with lines replaced.
 * @param without lines that begin so are left out
 * @param more lines in their place
 */
export function hostWith(without: readonly string[] = [], more: readonly string[] = []) {
  const kept = HOST_LINES.filter((line) => !without.some((start) => line.startsWith(start)));
  return parseHostFacts([...kept, ...more].join('\n'));
}

/** A relay on which everything is well. */
export function wellFacts(change: Partial<Facts> = {}): Facts {
  const host = change.host ?? hostWith();
  return {
    now: NOW,
    host,
    settings: {
      WEB_ORIGIN: 'http://localhost:5173',
      RELAY_PUBLIC_URL: 'https://relay.example.org',
      ...host.settings,
    },
    database: {
      migrations: { pending: [], misfit: undefined },
      members: 3,
      blobs: 100,
      expired: 0,
      bytes: 20_000_000,
      busiestDay: 60,
    },
    turnSecrets: {
      now: NOW,
      secrets: [{ generation: 1, state: 'minting', mintFrom: NOW - DAY, dies: undefined }],
    },
    relay: { origin: 'http://relay:4000', status: 204 },
    origins: [
      {
        origin: 'https://relay.example.org',
        status: 204,
        certificate: { validFrom: NOW - 30 * DAY, validTo: NOW + 60 * DAY, distrust: undefined },
      },
    ],
    webOrigins: [{ origin: 'http://localhost:5173', accepted: true }],
    turn: {
      host: 'relay.example.org',
      checks: [{ name: 'allocate over udp', held: true, reason: 'It does.' }],
    },
    ...change,
  };
}
