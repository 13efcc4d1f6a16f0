import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeAll, expect, inject, it } from 'vitest';
import { Appliance } from './support/appliance.ts';
import { ownAddress } from './support/turn.ts';

const site = inject('appliance');
const appliance = new Appliance({
  ...site,
  // The disk of a test's machine need not hold 20 full mailboxes.
  env: { ...site.env, TURN_HOST: ownAddress(), MAILBOX_MAX_BLOBS: '256' },
});
const FAULTY = 6;

/** What `doctor` prints as JSON. */
interface Report {
  well: boolean;
  findings: { area: string; level: string; finding: string; mend?: string }[];
}

async function examine(code: number): Promise<Report> {
  const ran = await appliance.doctor(['--json']);
  const report = JSON.parse(ran.stdout) as Report;
  expect(ran.code, `${faults(report).join('\n')}\n${ran.stderr}`).toBe(code);
  return report;
}

/** `area: finding` of every fault. */
const faults = ({ findings }: Report) =>
  findings.filter(({ level }) => level === 'fault').map(({ area, finding }) => `${area}: ${finding}`);
/** Areas in which something is wrong. */
const faulty = (report: Report) => [...new Set(faults(report).map((line) => line.split(':')[0]))];

beforeAll(() => appliance.up());
afterEach(async () => {
  // Without waiting: what was unhealthy while a part was away needs a moment, and compose would not give it one.
  await appliance.compose(['up', '--detach']);
  await appliance.healthy();
});

it('finds nothing wrong with a healthy appliance, having seen every part of it', async () => {
  const report = await examine(0);
  expect(faults(report)).toEqual([]);
  const ok = report.findings
    .filter(({ level }) => level === 'ok')
    .map(({ area, finding }) => `${area}: ${finding}`);
  const parts = [
    /^engine: Docker engine /,
    /^services: 6 of 6 services are well/,
    /^database: It answers, and serves 3 members/,
    /^database: Every migration is there/,
    /^disk: The database takes /,
    /^ports: Listened on: .*3478\/tcp.*3478\/udp/,
    /^API: The relay is ready/,
    /^TURN: (\d+) of \1 checks held/,
    /^secrets: All 9 secret files/,
    /^coturn: Version 4\.\d+/,
  ];
  for (const part of parts)
    expect(
      ok.some((line) => part.test(line)),
      `${part}\n${ok.join('\n')}`,
    ).toBe(true);
  const quiet = await appliance.doctor(['--quiet']);
  expect(quiet).toMatchObject({ code: 0, stdout: '' });
});

it('tells of a stopped database, and all else', async () => {
  await appliance.compose(['stop', 'postgres']);
  const report = await examine(FAULTY);
  expect(faulty(report), faults(report).join('\n')).toEqual(
    expect.arrayContaining(['services', 'database', 'API']),
  );
  expect(faults(report).filter((line) => line.startsWith('TURN'))).toEqual([]);
  expect(faults(report)).toContainEqual(expect.stringMatching(/^services: postgres does not run/));
  const text = await appliance.doctor(['--quiet']);
  expect(text.code, text.stdout).toBe(FAULTY);
  expect(text.stdout).toContain('Mend: docker compose up --detach');
});

it('tells of a stopped relay, and of a stopped TURN server, whose version it sees all the same', async () => {
  await appliance.compose(['stop', 'relay', 'coturn']);
  const report = await examine(FAULTY);
  expect(faulty(report), faults(report).join('\n')).toEqual(
    expect.arrayContaining(['services', 'API', 'TURN']),
  );
  expect(faulty(report), faults(report).join('\n')).not.toContain('database');
  expect(report.findings).toContainEqual(
    expect.objectContaining({ area: 'coturn', finding: expect.stringMatching(/^Version 4/) }),
  );
});

it('tells of a secret that others may read; what it says mends it', async () => {
  await appliance.compose(['run', '--rm', '-T', 'init', 'chmod', '644', '/secrets/turn/secrets']);
  const report = await examine(FAULTY);
  expect(faults(report)).toEqual([expect.stringMatching(/^secrets: turn\/secrets has mode 644/)]);
  const { mend = '' } =
    report.findings.find(({ area, level }) => area === 'secrets' && level === 'fault') ?? {};
  expect(mend).toBe('docker compose run --rm init');
  await appliance.compose(mend.replace('docker compose ', '').split(' '));
  await examine(0);
});

it('tells of another program in the relay range', async () => {
  const socket = createSocket('udp4').bind(50_123, '0.0.0.0');
  await once(socket, 'listening');
  const report = await examine(0).finally(() => socket.close());
  expect(report.findings).toContainEqual(
    expect.objectContaining({
      area: 'relay range',
      level: 'warning',
      finding: expect.stringContaining('50123'),
    }),
  );
});

it('tells that all is stopped', async () => {
  await appliance.compose(['stop']);
  const report = await examine(FAULTY);
  expect(faults(report)).toContainEqual('services: No service runs: the appliance is stopped.');
});

it('speaks for itself where the engine does not answer', async () => {
  const ran = await appliance.doctor(['--quiet'], { DOCKER_HOST: 'unix:///nonexistent.sock' });
  expect(ran.code).toBe(FAULTY);
  expect(ran.stdout).toMatch(/^fault {4}The Docker engine does not answer/m);
});
