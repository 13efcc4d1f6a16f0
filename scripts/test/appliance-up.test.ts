import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composed, Machine, TLS } from './support/machine.ts';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.end());

describe('what make up says at the end', () => {
  it('as shipped', async () => {
    await expect(machine.run('up').stdout).toMatchFileSnapshot('golden/up.txt');
  });

  it('with a domain', async () => {
    machine.docker({ 'compose config': composed(TLS, { TURNS_PORT: '5349' }) });
    const run = machine.run('up', { DOMAIN: 'relay.example.org' });
    await expect(run.stdout).toMatchFileSnapshot('golden/up-domain.txt');
  });

  it('on an address of a local network', () => {
    machine.write('.env', 'RELAY_BIND=203.0.113.7\nRELAY_PUBLIC_URL=http://203.0.113.7:4000\n');
    const { stdout } = machine.run('up');
    expect(stdout).toContain('     VITE_API_URL=http://203.0.113.7:4000\n');
    expect(stdout).toMatch(/^ +4000 +tcp +members: messages, without TLS$/m);
    expect(stdout).not.toContain('No domain is set');
  });
});

it('starts what it has built, detached, and waits within a bound', () => {
  machine.run('up');
  const calls = machine.calls('docker compose').filter((call) => /compose (build|up)/.test(call));
  expect(calls[0]).toBe('docker compose build');
  expect(calls[1]).toMatch(/^docker compose up --detach .*--wait --wait-timeout \d+$/);
});

it('starts nothing when the images could not be built', () => {
  machine.docker({ 'compose build': { err: 'apt-get: no network', code: 17 } });
  const run = machine.run('up');
  expect(run.status).toBe(1);
  expect(run.stderr).toContain('could not be built');
  expect(machine.calls('docker compose up')).toEqual([]);
});

it('shows each service that is not well, with its last lines and what to do', () => {
  machine.docker({
    'compose up *': { err: 'container relay-caddy-1 is unhealthy', code: 1 },
    'compose ps --all --format *':
      'init exited - 0\nmigrate exited - 1\npostgres running healthy 0\ncaddy running unhealthy 0\nrelay created - 0\ncertificate running - 0',
    'compose logs --no-color --no-log-prefix --tail 15 migrate': 'no room left',
    'compose logs --no-color --no-log-prefix --tail 15 caddy': '\u001b[2Kchallenge failed',
    'compose logs --no-color --no-log-prefix --tail 15 relay': '',
  });
  const run = machine.run('up');
  expect(run.status).toBe(1);
  expect(run.stdout).toMatch(/migrate ended with exit code 1.*\n {4}no room left\n {2}The database/);
  expect(run.stdout).toMatch(
    /caddy runs but is unhealthy.*\n {4}challenge failed\n {2}Does the domain point here/,
  );
  expect(run.stdout).toContain('relay is created.');
  expect(run.stdout).not.toMatch(/^(init|postgres|certificate) /m);
  expect(run.stdout).not.toContain('What comes next');
});
