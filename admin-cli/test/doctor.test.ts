import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isOlder, KNOWN_FAULTS } from '../src/doctor/areas/coturn.ts';
import type { Facts, Finding } from '../src/doctor/index.ts';
import { findingsFrom } from '../src/doctor/index.ts';
import { doctorJson, doctorText } from '../src/render/doctor.ts';
import { rotationPeriod } from '../src/services/turn-schedule.ts';
import { loadTree } from '../src/tree/load.ts';
import { DAY, hostWith, NOW, wellFacts } from './support/doctor-facts.ts';

const WEEK = 7 * DAY;
const findings = (change: Partial<Facts> = {}) => findingsFrom(wellFacts(change), WEEK);
const bad = (found: readonly Finding[]) =>
  found.filter(({ level }) => level === 'fault' || level === 'warning');
/** `level area: finding` of what is worth a look. */
const told = (change: Partial<Facts>) =>
  bad(findings(change)).map(({ level, area, finding }) => `${level} ${area}: ${finding}`);
const host = (without: readonly string[], ...more: string[]) => told({ host: hostWith(without, more) });

test('a relay that is well: every area is told of, none badly', async () => {
  const found = findings();
  expect(bad(found)).toEqual([]);
  expect(new Set(found.map(({ area }) => area)).size).toBe(13);
  expect(doctorText(found, true)).toBe('');
  await expect(doctorText(found, false)).toMatchFileSnapshot('golden/doctor-well.txt');
});

test('a relay on which half is down', async () => {
  const found = findings({
    host: hostWith(
      ['service=postgres', 'service=coturn', 'listener=udp 203', 'clock', 'coturn='],
      ['service=postgres exited - 1 0 false', 'service=coturn exited - 0 0 false', 'clock=no'],
    ),
    database: { fault: 'The relay’s database does not answer.' },
    relay: { origin: 'http://relay:4000', status: 503 },
    turn: {
      host: 'relay.example.org',
      checks: [
        { name: 'allocate over udp', held: false, reason: 'It is silent.', advice: 'See the firewall.' },
      ],
    },
  });
  await expect(doctorText(found, true)).toMatchFileSnapshot('golden/doctor-half.txt');
  expect(doctorJson({ now: NOW }, found)).toMatchObject({ at: '2026-11-18T11:06:40Z', well: false });
});

describe('each thing that can be wrong is told, in its own area', () => {
  test.each<[string, string[]]>([
    ['fault engine: Docker engine 20.10.5 is older than 25.0.', host(['engine'], 'engine=20.10.5')],
    ['fault engine: Docker compose v2.23.9 is older', host(['compose'], 'compose=v2.23.9')],
    ['warning engine: The machine has 858 MiB', host(['memory'], 'memory=900000000')],
    [
      'fault services: worker has no container.',
      host(['service=worker'], 'service=worker absent - 0 0 false'),
    ],
    [
      'fault services: relay was ended because its memory',
      host(['service=relay'], 'service=relay exited - 137 0 true'),
    ],
    [
      'fault services: relay fails and starts again',
      host(['service=relay'], 'service=relay restarting - 1 9 false'),
    ],
    [
      'fault services: relay runs and is not well.',
      host(['service=relay'], 'service=relay running unhealthy 0 0 false'),
    ],
    [
      'warning services: relay runs, after 5 restarts',
      host(['service=relay'], 'service=relay running healthy 0 5 false'),
    ],
    [
      'fault services: migrate ended with exit code 1.',
      host(['service=migrate'], 'service=migrate exited - 1 0 false'),
    ],
    ['fault services: The volume postgres-data is missing.', host([], 'missing_volume=postgres-data')],
    ['fault disk: 488 MiB of 95.4 GiB are free.', host(['disk'], 'disk=500000 100000000 /var/lib/docker')],
    ['fault disk: Only 12 files more', host(['inodes'], 'inodes=12')],
    ['warning clock: It is not synchronised.', host(['clock'], 'clock=no')],
    [
      'fault ports: Port 4000/tcp of relay is taken by nginx.',
      host(['listener=tcp 127'], 'listener=tcp 127.0.0.1 4000 nginx'),
    ],
    ['fault ports: coturn runs, and nothing listens on its port 3478/udp.', host(['listener=udp 203'])],
    [
      'fault secrets: turn/secrets has mode 644',
      host(['secret=640'], `secret=644 10001 10002 ${NOW} turn/secrets`),
    ],
    ['fault secrets: relay/database-url is missing.', host([`secret=400 10001 10001 ${NOW - DAY} relay/`])],
    ['warning secrets: relay/old is no secret of this version.', host([], `secret=400 0 0 ${NOW} relay/old`)],
    [
      'warning secrets: The oldest password of the database is 800 days old.',
      host(
        [`secret=400 999 999 ${NOW - DAY} postgres/relay.`],
        `secret=400 999 999 ${NOW - 800 * DAY} postgres/relay.password`,
      ),
    ],
    ['fault coturn: Version 4.8.0 has CVE-2026-27624', host(['coturn='], 'coturn=4.8.0')],
    ['fault coturn: Version 4.17.1 has coturn #2045', host(['coturn='], 'coturn=4.17.1')],
    [
      'warning relay range: Another program answers on UDP 50000 (mosh)',
      host([], 'listener=udp 0.0.0.0 50000 mosh'),
    ],
    ['warning relay range: Another program answers on UDP 50000, within', host([], 'listener=udp * 50000')],
    [
      'fault database: It lacks 1 migration: 0002_tokens.',
      told(database({ migrations: { pending: ['0002_tokens'], misfit: undefined } })),
    ],
    [
      'fault database: The database has migration x',
      told(database({ migrations: { pending: [], misfit: 'The database has migration x.' } })),
    ],
    ['warning database: No key is on the allowlist.', told(database({ members: 0 }))],
    ['warning database: About 30000 expired blobs', told(database({ expired: 30_000 }))],
    ['fault disk: At the pace of the busiest day', told(database({ busiestDay: 300_000 }))],
    ['warning disk: The database takes 10 GiB for', told(database({ bytes: 10_737_418_240 }))],
    ['warning disk: If every member filled', told(database({ members: 90 }))],
    [
      'fault API: The relay does not answer (ECONNREFUSED).',
      told({ relay: { origin: 'http://relay:4000', status: undefined, problem: 'ECONNREFUSED' } }),
    ],
    [
      'fault API: https://a.example answers 404.',
      told({ origins: [{ origin: 'https://a.example', status: 404 }] }),
    ],
    [
      'warning API: https://a.example does not answer from here',
      told({ origins: [{ origin: 'https://a.example', status: undefined }] }),
    ],
    ['fault certificate: https://a.example: 9 days left.', told(certificate({ validTo: NOW + 9 * DAY }))],
    ['warning certificate: https://a.example: 20 days left.', told(certificate({ validTo: NOW + 20 * DAY }))],
    [
      'fault certificate: https://a.example: the certificate has expired.',
      told(certificate({ validTo: NOW })),
    ],
    [
      'fault certificate: https://a.example: the certificate is not valid yet.',
      told(certificate({ validFrom: NOW + 1 })),
    ],
    [
      'fault certificate: https://a.example: the certificate is not trusted',
      told(certificate({ distrust: 'SELF_SIGNED_CERT_IN_CHAIN' })),
    ],
    [
      'warning origins: http://a.example is without TLS.',
      told(settings({ RELAY_PUBLIC_URL: 'http://a.example' })),
    ],
    [
      'fault origins: RELAY_PUBLIC_URL holds "https://a.example/",',
      told(settings({ RELAY_PUBLIC_URL: 'https://a.example/' })),
    ],
    [
      'fault origins: RELAY_PUBLIC_URL does not hold https://b.example',
      told(settings({ RELAY_DOMAIN: 'b.example' })),
    ],
    ['fault origins: b.example does not resolve.', told(settings({ RELAY_DOMAIN: 'b.example' }))],
    [
      'warning origins: The web origin https://chat.example',
      told(settings({ WEB_ORIGIN: 'https://chat.example' })),
    ],
    [
      'fault origins: The relay that runs refuses the web origin',
      told({ webOrigins: [{ origin: 'http://localhost:1', accepted: false }] }),
    ],
    ['fault secrets: The TURN secret in use is 20 days old. By the schedule', told(turnAge(20 * DAY))],
    [
      'warning secrets: The TURN secret in use is 100 days old. It does not rotate',
      told({ ...turnAge(100 * DAY), ...settings({ TURN_ROTATE_SCHEDULE: 'off' }) }),
    ],
    ['fault secrets: The file is not there.', told({ turnSecrets: { fault: 'The file is not there.' } })],
    ['fault clock: It is 2 days behind', told(turnAge(-2 * DAY))],
  ])('%s', (line, lines) => {
    expect(
      lines.find((one) => one.startsWith(line)),
      lines.join('\n'),
    ).toBeDefined();
  });
});

test('what is meant so is no fault', () => {
  const internal = {
    ...certificate({
      distrust: 'SELF_SIGNED_CERT_IN_CHAIN',
      validTo: NOW + DAY / 2,
      validFrom: NOW - DAY / 2,
    }),
    ...settings({ RELAY_TLS_ISSUER: 'internal' }),
  };
  expect(told(internal)).toEqual([]);
  expect(told(settings({ RELAY_PUBLIC_URL: 'http://localhost:4000,http://abc.onion' }))).toEqual([]);
  // coturn's own relayed addresses, where the programs' names cannot be seen.
  expect(host([], 'listener=udp 203.0.113.7 50000', 'listener=udp 127.0.0.1 50001 x')).toEqual([]);
});

test('what runs once may be gone where services run that needed it first, and nowhere else', () => {
  /** What is said of missing containers while these services are stopped and Docker was cleaned up. */
  const missing = (...stopped: string[]) =>
    host(
      ['init', 'migrate', ...stopped].map((name) => `service=${name} `),
      'service=init absent - 0 0 false',
      'service=migrate absent - 0 0 false',
      ...stopped.map((name) => `service=${name} exited - 1 0 false`),
    ).filter((line) => !line.includes('does not run'));
  expect(missing()).toEqual([]);
  expect(missing('relay')).toEqual([]);
  expect(missing('relay', 'worker')).toEqual(['fault services: migrate has no container.']);
  expect(missing('postgres', 'coturn')).toEqual(['fault services: init has no container.']);
});

test('a check of the TURN server that could not be tried is no fault of its own', () => {
  const skipped = { name: 'media over udp', held: false, reason: 'Not tried.', skipped: true } as const;
  const found = findings({ turn: { host: 'relay.example.org', checks: [skipped] } });
  expect(found.filter(({ area }) => area === 'TURN')).toEqual([
    { area: 'TURN', level: 'unseen', finding: 'media over udp: Not tried.' },
  ]);
});

test('versions are compared by their numbers', () => {
  expect(isOlder('4.9.0', '4.18.0')).toBe(true);
  expect(isOlder('4.18.0-1', '4.18.0')).toBe(false);
  expect(isOlder('4.5.1.3', '4.5.2')).toBe(true);
  for (const { fixed, published } of KNOWN_FAULTS) {
    expect(fixed).toMatch(/^4(\.\d+){2,3}$/);
    expect(Number.isNaN(Date.parse(published))).toBe(false);
  }
});

test('what mends a thing is a command or a setting that there is', async () => {
  const folder = new URL('../src/doctor/areas/', import.meta.url);
  const source = readdirSync(folder)
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
  const makefile = readFileSync(new URL('../../Makefile', import.meta.url), 'utf8');
  const ids = (await loadTree()).commands.map(({ id }) => id.replaceAll(':', ' '));
  const targets = [...source.matchAll(/\bmake ([a-z-]+)\b(?! names)/g)].map(([, name]) => name);
  expect(targets.length).toBeGreaterThan(20);
  expect(targets.filter((name) => !makefile.includes(`\n${name}: ##`))).toEqual([]);
  const commands = [...source.matchAll(/ARGS="([^"$]+?)(?: --?[^"]*| -)?"/g)].map(([, words]) => words ?? '');
  expect(commands.length).toBeGreaterThan(5);
  expect(commands.filter((words) => !ids.includes(words))).toEqual([]);
  const known =
    readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8') +
    readFileSync(new URL('../../compose/tls.yml', import.meta.url), 'utf8');
  const names = [...source.matchAll(/\b((?:TURNS?|RELAY|MAILBOX|TOKENS|WEB)_[A-Z_]+)\b/g)].map(
    ([, name]) => name ?? '',
  );
  expect(names.filter((name) => !known.includes(`\${${name}`))).toEqual([]);
});

test('every warning and fault says what it means and what mends it', () => {
  for (const finding of bad(findings({ host: hostWith(['service=']), relay: undefined, origins: [] }))) {
    expect(finding.means, finding.finding).toBeTruthy();
    expect(finding.mend, finding.finding).toBeTruthy();
  }
});

test('the time between two rotations', async () => {
  expect(await rotationPeriod(undefined)).toBe(WEEK);
  expect(await rotationPeriod('0 3 * * *')).toBe(DAY);
  expect(await rotationPeriod('off')).toBeUndefined();
});

function database(change: object): Partial<Facts> {
  return { database: { ...wellFacts().database, ...change } as Facts['database'] };
}

function certificate(change: object): Partial<Facts> {
  const whole = { validFrom: NOW - 60 * DAY, validTo: NOW + 30 * DAY, distrust: undefined, ...change };
  return { origins: [{ origin: 'https://a.example', status: 204, certificate: whole }] };
}

function settings(change: Record<string, string>): Partial<Facts> {
  return { settings: { ...wellFacts().settings, ...change } };
}

function turnAge(age: number): Partial<Facts> {
  return {
    turnSecrets: {
      now: NOW,
      secrets: [{ generation: 1, state: 'minting', mintFrom: NOW - age, dies: undefined }],
    },
  };
}
