import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Machine } from './support/machine.ts';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.end());

const RUNNING = { 'compose ps --services *': 'postgres\nrelay\nworker\ncoturn\ncaddy' };
const TURN_STATUS = 'compose --progress quiet run --rm --no-deps -T admin turn status';
const CONFIG = 'compose --profile admin config --images admin';
const steps = () =>
  machine.calls('docker compose').filter((call) => /compose (build|up|--progress quiet run)/.test(call));

it.each(['down', 'logs', 'status', 'admin'])('make %s names make demo where there is no engine', (name) => {
  machine.docker({ 'version --format *': { code: 1 } });
  const run = machine.run(name);
  expect(run.status).toBe(1);
  expect(run.stderr).toContain('make demo');
});

it('make down keeps the volumes and says how to delete them', () => {
  const run = machine.run('down');
  expect(machine.calls('docker compose down')).toEqual(['docker compose down --remove-orphans']);
  expect(run.stdout).toContain('docker compose down --volumes');
});

it('make logs ends by itself outside a terminal, for all services or one', () => {
  machine.docker({ 'compose logs *': '\u001b[2Klines' });
  expect(machine.run('logs').stdout).toBe('lines\n');
  machine.run('logs', { SERVICE: 'relay' });
  expect(machine.calls('docker compose logs')).toEqual([
    'docker compose logs --no-color --tail 100',
    'docker compose logs --no-color --tail 100 relay',
  ]);
});

describe('make admin', () => {
  it('passes words, standard input and the exit code through', () => {
    cpSync('Makefile', join(machine.root, 'Makefile'));
    machine.fake('docker', {
      'version *': '26',
      'compose version': '2',
      '*': { out: 'from docker', code: 3 },
    });
    const make = spawnSync(
      'make',
      ['--no-print-directory', '-C', machine.root, 'admin', 'ARGS=identities seed - --label "a b"'],
      { encoding: 'utf8', env: { PATH: `${join(machine.root, '.bin')}:${process.env.PATH}` }, input: '{}' },
    );
    expect(make.stdout).toBe('from docker\n');
    expect(machine.calls('docker compose --progress')).toEqual([
      'docker compose --progress quiet run --rm -T admin identities seed - --label a b',
    ]);
    expect(machine.run('admin').status).toBe(3);
  });

  it('hands over standard input itself', () => {
    machine.fake('docker', { '*': '' });
    machine.write('.bin/docker', '#!/bin/sh\ncase "$*" in *" admin "*) cat ;; esac\n');
    expect(machine.run('admin', {}, ['identities', 'seed', '-']).stdout).toBe('standard input');
  });

  it.each([
    [['config', 'check'], 'config check -', 'A=1'],
    [['config', 'show', '--json'], 'config show --json -', 'A=1'],
    [['config', 'check', '-'], 'config check -', 'standard input'],
    [['config', 'check', 'other.env', '--json'], 'config check other.env --json', 'standard input'],
    [['config', 'init', '--out', '-'], 'config init --out -', 'standard input'],
  ])('%j gets .env where it reads that and none is named', (args, called, got) => {
    machine.write('.env', 'A=1');
    machine.docker({ 'compose --progress quiet run *': { out: '', code: 0, keep: 'got' } });
    expect(machine.run('admin', {}, args).status).toBe(0);
    expect(machine.calls('docker compose --progress')).toEqual([
      `docker compose --progress quiet run --rm -T admin ${called}`,
    ]);
    expect(machine.read('got')).toBe(got);
  });

  it('names no standard input to config check where there is no .env', () => {
    machine.docker({ 'compose --progress quiet run *': '' });
    machine.run('admin', {}, ['config', 'check']);
    expect(machine.calls('docker compose --progress')[0]).toMatch(/config check$/);
  });
});

describe('make status', () => {
  it('is content when all is well', async () => {
    machine.docker({
      ...RUNNING,
      'compose exec -T postgres du *': '52428\t/var/lib/postgresql/data',
      'image inspect relay': '[]',
      [TURN_STATUS]: '1 secret',
    });
    const run = machine.run('status');
    await expect(run.stdout).toMatchFileSnapshot('golden/status.txt');
    expect(run.status).toBe(0);
  });

  it('tells all it can when half is broken', () => {
    machine.docker({
      'compose ps --services *': 'relay\nworker',
      'compose ps --all --format *':
        'postgres exited - 137\nrelay running unhealthy 0\nworker running healthy 0',
      'compose logs *': 'last words',
      'compose exec -T postgres du *': { err: 'service "postgres" is not running', code: 1 },
      'image inspect relay': '[]',
      [TURN_STATUS]: { out: 'cannot read the secrets', code: 1 },
    });
    const run = machine.run('status');
    expect(run.status).toBe(1);
    for (const words of [
      'postgres does not run',
      'coturn does not run',
      'postgres ended with exit code 137',
      'relay runs but is unhealthy',
      'database, with all messages: not to be seen',
      'free on the disk: 76.3 GiB',
      'cannot read the secrets',
      'Not all is well',
    ]) {
      expect(run.stdout).toContain(words);
    }
  });

  it('starts nothing before the images are there', () => {
    machine.docker({ [CONFIG]: 'relay', 'image inspect relay': { code: 1 } });
    const run = machine.run('status');
    expect([run.status, steps()]).toEqual([1, []]);
  });
});

describe('make upgrade', () => {
  const VERSION = 'compose exec -T postgres postgres --version';
  const NEW_VERSION =
    'compose --progress quiet run --rm --no-deps -T --entrypoint postgres postgres --version';
  const ONE_SHOT = 'compose --progress quiet run --rm --no-deps -T ';
  const GOOD = {
    ...RUNNING,
    [VERSION]: 'postgres (PostgreSQL) 17.10 (Debian)',
    [NEW_VERSION]: 'postgres (PostgreSQL) 17.11 (Debian)',
    [`${ONE_SHOT}init`]: '',
    [`${ONE_SHOT}migrate`]: '',
    'image prune *': '',
  };
  const replaced = () => machine.calls('docker compose up').map((call) => call.split(' ').at(-1));

  it('builds, migrates with the old services running, then replaces one by one', () => {
    machine.docker(GOOD);
    const run = machine.run('upgrade');
    expect(run.status).toBe(0);
    expect(
      steps().map((call) => call.replace(/^docker compose (--progress quiet )?/, '').replace(/--.* /, '')),
    ).toEqual([
      'build',
      'run --version',
      'run init',
      'run migrate',
      'up postgres',
      'run migrate',
      'up relay',
      'up worker',
      'up coturn',
      'up caddy',
    ]);
    expect(run.stdout).toContain('Upgraded: postgres relay worker coturn caddy.');
  });

  it.each([
    ['build', { 'compose build': { err: 'no', code: 1 } }],
    ['another major version of PostgreSQL', { [NEW_VERSION]: 'postgres (PostgreSQL) 18.4 (Debian)' }],
    ['init', { [`${ONE_SHOT}init`]: { code: 1 } }],
    ['migration', { [`${ONE_SHOT}migrate`]: { code: 1 } }],
  ])('replaces nothing after a failed %s, and says that the old ones run', (_, broken) => {
    machine.docker({ ...GOOD, ...broken });
    const run = machine.run('upgrade');
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('The old services still run');
    expect(replaced()).toEqual([]);
  });

  it('stops at a service that does not come up, and says which are new', () => {
    machine.docker({
      ...GOOD,
      'compose up --detach --no-build --no-deps --wait --wait-timeout 180 worker': { code: 1 },
      'compose ps --all --format *': 'worker running unhealthy 0',
      'compose logs *': 'last words',
    });
    const run = machine.run('upgrade');
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('New already: postgres relay. The others run on');
    expect(run.stdout).toContain('    last words');
    expect(replaced()).toEqual(['postgres', 'relay', 'worker']);
  });

  it('leaves the start to make up where nothing runs', () => {
    expect(machine.run('upgrade').stderr).toContain('make up');
    expect(steps()).toEqual([]);
  });
});
