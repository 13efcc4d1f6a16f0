import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../admin-cli/src/doctor/finding.ts';
import { AREAS } from '../../admin-cli/src/doctor/finding.ts';
import type { Answers } from './support/machine.ts';
import { composed, LOCAL, Machine } from './support/machine.ts';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.end());

const ADMIN = 'compose --progress quiet run --rm --no-deps -T admin doctor *';
const FACTS = 'facts.txt';
const SECRETS = [
  '400 999 999 1790000000 ./postgres/relay.password',
  '640 10001 10002 1795000000 ./turn/secrets',
].join('\n');
const SERVICES = [
  'init exited - 0 0 false',
  'migrate exited - 0 0 false',
  'postgres running healthy 0 0 false',
  'relay running healthy 0 1 false',
  'worker running healthy 0 0 false',
  'coturn running healthy 0 0 false',
].join('\n');

/** An engine on which everything runs, and relay-admin finds nothing. */
const WELL: Answers = {
  'compose ps --services --status running': 'postgres\nrelay\nworker\ncoturn',
  'compose ps --services --status running --status *': 'postgres\nrelay\nworker\ncoturn',
  'compose ps --all --quiet': 'a1\nb2',
  'inspect --format * a1 b2': SERVICES,
  'compose config --services': 'init\npostgres\nmigrate\nrelay\nworker\ncoturn',
  'compose config --volumes': 'postgres-data\nturn-secrets',
  'volume ls *': 'postgres-data\nturn-secrets',
  'compose exec -T coturn turnserver --version': '4.18.0',
  'compose --progress quiet run --rm --no-deps -T init sh -c *': SECRETS,
  'image inspect relay': '[]',
  [ADMIN]: { out: 'No fault was found.', code: 0, keep: FACTS },
};

function listening(): void {
  machine.listening(
    ['127.0.0.1:4000 docker-proxy', '203.0.113.7:3478 turnserver', '[::1]:631 cupsd'],
    ['203.0.113.7:3478 turnserver', '0.0.0.0:50000 mosh server'],
  );
}

describe('make doctor', () => {
  it('hands what the host sees to relay-admin, and passes on what that says', async () => {
    machine.docker(WELL);
    listening();
    const run = machine.run('doctor', {}, ['--json']);
    expect(run).toMatchObject({ status: 0, stdout: 'No fault was found.\n', stderr: '' });
    expect(machine.calls('docker compose --progress quiet run --rm --no-deps -T admin')).toEqual([
      `docker ${ADMIN.replace('*', '--host-facts - --relay http://relay:4000 --json')}`,
    ]);
    await expect(machine.read(FACTS)).toMatchFileSnapshot('golden/host-facts.txt');
  });

  it('ends as relay-admin does when there is a fault, and is silent when that is', () => {
    machine.docker({ ...WELL, [ADMIN]: { out: 'FAULT', code: 6 } });
    expect(machine.run('doctor')).toMatchObject({ status: 6, stdout: 'FAULT\n' });
    machine.docker({ ...WELL, [ADMIN]: '' });
    expect(machine.run('doctor', {}, ['--quiet'])).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  it('tells of services without a container, of volumes that are gone, and looks at coturn where it is stopped', () => {
    machine.docker({
      ...WELL,
      'compose ps --services --status running': 'relay',
      'inspect --format * a1 b2': 'relay running unhealthy 0 7 false\npostgres exited - 137 0 true',
      'volume ls *': 'turn-secrets',
      'compose --progress quiet run --rm --no-deps -T --entrypoint turnserver coturn --version': '4.6.1',
    });
    machine.run('doctor');
    const facts = machine.read(FACTS).split('\n');
    expect(facts).toContain('service=postgres exited - 137 0 true');
    expect(facts).toContain('service=worker absent - 0 0 false');
    expect(facts).toContain('missing_volume=postgres-data');
    expect(facts).toContain('coturn=4.6.1');
    // A container would make the volume again, empty.
    expect(facts.filter((line) => line.startsWith('secret'))).toEqual([]);
    expect(machine.calls('docker compose --progress quiet run --rm --no-deps -T init')).toEqual([]);
  });

  it('leaves out what this host has no means to see', () => {
    machine.docker({ ...WELL, 'compose --progress quiet run --rm --no-deps -T init sh -c *': { code: 125 } });
    for (const name of ['ss', 'ip', 'timedatectl', 'df']) machine.remove(name);
    expect(machine.run('doctor').status).toBe(0);
    const names = new Set(
      machine
        .read(FACTS)
        .split('\n')
        .map((line) => line.split('=')[0]),
    );
    for (const name of ['listeners_seen', 'secrets_seen', 'address4', 'clock', 'disk', 'inodes']) {
      expect(names.has(name), name).toBe(false);
    }
    expect(names.has('service')).toBe(true);
  });

  it('hands over TURN over TLS, and the address and port of every override', () => {
    machine.docker({ ...WELL, 'compose config': composed([LOCAL], { TURNS_PORT: '5349' }) });
    machine.write('.env', 'RELAY_DOMAIN=relay.example.org\n');
    machine.run('doctor');
    const facts = machine.read(FACTS).split('\n');
    expect(facts).toContain('expected_port=coturn tcp 203.0.113.7 5349');
    expect(facts).not.toContain('expected_port=coturn udp 203.0.113.7 5349');
    expect(facts).toContain('resolved=203.0.113.7');
    expect(facts).toContain('set.RELAY_DOMAIN=relay.example.org');
  });

  it('knows only its own options', () => {
    machine.docker(WELL);
    expect(machine.run('doctor', {}, ['--loud'])).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('where relay-admin cannot run, the host says by itself', () => {
  it('that there is no docker', () => {
    machine.remove('docker');
    const run = machine.run('doctor');
    expect(run.status).toBe(6);
    expect(run.stdout).toMatch(/^fault {4}There is no docker command/m);
    expect(run.stdout).toMatch(/^ok {7}Clock/m);
  });

  it('that the engine does not answer', () => {
    machine.docker({ 'version --format *': { err: 'Cannot connect to the Docker daemon', code: 1 } });
    const run = machine.run('doctor', {}, ['--quiet']);
    expect(run.status).toBe(6);
    expect(run.stdout).toMatch(/^fault {4}The Docker engine does not answer.*systemctl start docker$/m);
    expect(run.stdout).not.toMatch(/^ok/m);
  });

  it('that the engine hangs, without hanging itself', () => {
    machine.write('.bin/docker', '#!/bin/sh\nexec sleep 3600\n');
    const run = machine.run('doctor', { DOCTOR_PATIENCE: '1' });
    expect(run.status).toBe(6);
    expect(run.stdout).toMatch(/^fault {4}The Docker engine does not answer within 1 s/m);
  });

  it('that .env does not fit, or the images are not there', () => {
    machine.docker({ ...WELL, 'compose config --quiet': { err: 'invalid interpolation', code: 1 } });
    expect(machine.run('doctor').stdout).toMatch(/^fault {4}Docker compose does not take the compose files/m);
    machine.docker({ ...WELL, 'image inspect relay': { code: 1 } });
    expect(machine.run('doctor').stdout).toMatch(
      /^fault {4}The images are not built yet\. Build and start them: make up$/m,
    );
  });

  it('that a container cannot be started, and what else is wrong', () => {
    machine.docker({
      ...WELL,
      [ADMIN]: { err: 'Error response: no space left on device', code: 125 },
      'compose ps --all --format *': 'postgres exited - 1\nrelay running unhealthy 0',
    });
    machine.disk(1_000_000);
    const run = machine.run('doctor');
    expect(run.status).toBe(6);
    expect(run.stdout).toMatch(/^fault {4}relay-admin ended with exit code 125: .*no space left on device/m);
    expect(run.stdout).toMatch(/^fault {4}Disk: 1.0 GiB free/m);
    expect(run.stdout).toMatch(/^fault {4}Service postgres: exited.*Is the disk full/m);
    expect(run.stdout).toMatch(/^fault {4}Service relay: running, unhealthy/m);
  });

  it('as JSON too, in the shape that relay-admin has', () => {
    machine.docker({
      ...WELL,
      [ADMIN]: { err: 'a "quoted" \\ word. Another', code: 1 },
      'compose ps --all --format *': 'postgres exited - 1',
      'compose ps --services --status running --status *': 'postgres\nworker\ncoturn',
    });
    machine.disk(1_000_000);
    machine.listening(['127.0.0.1:4000 nginx'], []);
    const run = machine.run('doctor', {}, ['--json']);
    expect(run.status).toBe(6);
    const { at, well, findings } = JSON.parse(run.stdout) as {
      at: string;
      well: boolean;
      findings: Finding[];
    };
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(well).toBe(false);
    expect(findings[0]).toEqual({
      area: 'engine',
      level: 'fault',
      finding: 'relay-admin ended with exit code 1: a "quoted" \\ word. Another.',
      means: expect.any(String),
      mend: 'If the disk is full, no container starts (df -h)',
    });
    expect(findings).toContainEqual({ area: 'clock', level: 'ok', finding: 'Clock: synchronised' });
    for (const { area, level, means, mend } of findings) {
      expect(AREAS).toContain(area);
      expect([!means, !mend]).toEqual([level === 'ok', level === 'ok']);
    }
    const mends = findings.map(({ area, mend }) => `${area}: ${mend}`);
    expect(mends).toContain('disk: docker image prune; docker builder prune; or add disk');
    expect(mends).toContain('services: make logs SERVICE=postgres, then make up');
    expect(mends).toContain('ports: End it, or set RELAY_PORT in .env');
  });
});
