import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Machine, verdict } from './support/machine.ts';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.end());

/** Whether `make up` came to build anything. */
const built = () => machine.calls('docker compose build').length > 0;

it('finds nothing to say against a good machine, and starts', () => {
  const run = machine.run('up');
  expect(run.stdout.split('\n').filter((line) => /^(warning|fault) /.test(line))).toEqual([]);
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
  expect(built()).toBe(true);
});

describe('the engine', () => {
  it('names make demo when there is no docker command, and checks no further', () => {
    machine.remove('docker');
    const run = machine.run('up');
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('make demo');
    expect(verdict(run, 'Memory')).toBeUndefined();
  });

  it('tells an engine that does not answer from one that may not be used', () => {
    machine.docker({ 'version --format *': { err: 'Cannot connect to the Docker daemon', code: 1 } });
    const silent = machine.run('up');
    expect(silent.stdout).toMatch(/^fault.*systemctl start docker.*make demo$/m);
    machine.docker({ 'version --format *': { err: 'permission denied while trying to connect', code: 1 } });
    const forbidden = machine.run('up', { FORCE: '1' });
    expect(forbidden.stdout).toMatch(/^fault.*sudo/m);
    expect([silent.status, forbidden.status, built()]).toEqual([1, 1, false]);
  });

  it.each([
    ['25.0.0', 'ok'],
    ['24.0.7', 'fault'],
    ['28.2.2', 'ok'],
    ['20.10.24+dfsg1', 'fault'],
  ])('judges engine %s: %s', (version, outcome) => {
    machine.docker({ 'version --format *': version });
    const run = machine.run('up');
    expect(verdict(run, 'Docker engine')).toBe(outcome);
    expect(built()).toBe(outcome === 'ok');
  });

  it.each([
    ['v2.24.0', 'ok'],
    ['5.0.1', 'ok'],
    ['2.23.3', 'fault'],
    ['1.29.2', 'fault'],
  ])('judges compose %s: %s', (version, outcome) => {
    machine.docker({ 'compose version --short': version });
    expect(verdict(machine.run('up'), 'Docker compose')).toBe(outcome);
  });

  it('finds a missing plug-in and compose files that do not parse', () => {
    machine.docker({ 'compose version --short': { err: 'docker: unknown command', code: 1 } });
    expect(machine.run('up').stdout).toMatch(/^fault.*docker-compose-plugin/m);
    machine.docker({
      'compose config': { err: 'no', code: 15 },
      'compose config --quiet': { err: 'warn\nyaml: line 3: bad', code: 15 },
    });
    expect(machine.run('up').stdout).toMatch(/^fault.*yaml: line 3: bad$/m);
    expect(built()).toBe(false);
  });
});

describe('memory', () => {
  it.each([
    ['1005000000', 'ok'],
    ['800000000', 'warning'],
    ['512000000', 'fault'],
    ['', 'warning'],
  ])('judges %s bytes: %s', (bytes, outcome) => {
    machine.docker({ 'info --format {{.MemTotal}}': bytes });
    expect(verdict(machine.run('up'), 'Memory')).toBe(outcome);
  });
});

describe('disk', () => {
  it.each([
    [41_943_040, 'ok'],
    [41_943_039, 'warning'],
    [3_145_727, 'fault'],
  ])('judges %i KiB: %s', (kib, outcome) => {
    machine.disk(kib);
    expect(verdict(machine.run('up'), 'Disk')).toBe(outcome);
  });

  it('says which mailbox size fits, and takes it', () => {
    machine.disk(20_000_000);
    const blobs = /MAILBOX_MAX_BLOBS=(\d+)/.exec(machine.run('up').stdout)?.[1] ?? '';
    expect(Number(blobs)).toBeGreaterThan(10_000);
    machine.write('.env', `MAILBOX_MAX_BLOBS=${blobs}\n`);
    expect(verdict(machine.run('up'), 'Disk')).toBe('ok');
  });

  it('counts what is stored already as room', () => {
    machine.disk(30_000_000);
    machine.docker({
      'compose ps --services *': 'postgres',
      'compose exec -T postgres du *': '15000000\t/var/lib/postgresql/data',
    });
    expect(verdict(machine.run('up'), 'Disk')).toBe('ok');
  });

  it('warns when the place cannot be seen', () => {
    machine.docker({ 'info --format {{.DockerRootDir}}': '/elsewhere' });
    expect(verdict(machine.run('up'), 'Disk')).toBe('warning');
  });
});

it('stops at a fault, and goes on in spite of it when told', () => {
  machine.disk(1000);
  const stopped = machine.run('up');
  expect([stopped.status, built()]).toEqual([1, false]);
  expect(machine.run('up', { FORCE: '1' }).status).toBe(0);
  expect(built()).toBe(true);
});
