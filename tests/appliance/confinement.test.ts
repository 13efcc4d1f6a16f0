import { readFileSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import { Appliance, LASTING, ONE_SHOT } from './support/appliance.ts';
import { succeed } from './support/docker.ts';

const appliance = new Appliance(inject('appliance'));

/** Users by service: number of the account in its image. */
const USERS = { postgres: 999, relay: 10_001, worker: 10_001, coturn: 10_002 } as const;

/** Lines of a process's status by their names. */
function statusOf(pid: number): Record<string, string> {
  const lines = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n');
  return Object.fromEntries(lines.map((line) => line.split(':\t') as [string, string]));
}

describe('compose up on a clean clone', () => {
  it('has everything up and healthy, and the one-shot services ended well', async () => {
    await appliance.healthy();
    for (const service of ONE_SHOT) {
      const { State } = await appliance.container(service);
      expect([service, State.Status, State.ExitCode]).toEqual([service, 'exited', 0]);
    }
  });

  it('changes nothing when it is given again', async () => {
    const before = await Promise.all(LASTING.map((service) => appliance.container(service)));
    const secret = await appliance.exec('worker', 'cat', '/run/turn-secrets/secrets');
    await appliance.up();
    const after = await Promise.all(LASTING.map((service) => appliance.container(service)));
    expect(after.map(({ Id }) => Id)).toEqual(before.map(({ Id }) => Id));
    expect(await appliance.exec('worker', 'cat', '/run/turn-secrets/secrets')).toBe(secret);
  });
});

describe.each(LASTING)('%s', (service) => {
  it('runs as its own user, without capabilities, and cannot gain any', async () => {
    const { State } = await appliance.container(service);
    const status = statusOf(State.Pid);
    expect(status.Uid?.split('\t').map(Number)).toEqual(Array(4).fill(USERS[service]));
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
      expect([set, Number.parseInt(status[set] ?? '', 16)]).toEqual([set, 0]);
    }
    expect([status.NoNewPrivs, status.Seccomp]).toEqual(['1', '2']);
  });

  it('has a root that it cannot write to, and limits', async () => {
    const { HostConfig } = await appliance.container(service);
    expect([HostConfig.ReadonlyRootfs, HostConfig.Privileged]).toEqual([true, false]);
    expect(HostConfig.CapDrop).toEqual(['ALL']);
    expect(HostConfig.CapAdd ?? []).toEqual([]);
    expect(HostConfig.Memory).toBeGreaterThan(0);
    expect(HostConfig.Memory).toBeLessThanOrEqual(1024 ** 3);
    expect(HostConfig.PidsLimit).toBeGreaterThan(0);
    const tried = await appliance.tryCompose(['exec', '-T', service, 'sh', '-c', 'echo x >/usr/x']);
    expect(tried.code).not.toBe(0);
    expect(tried.stderr).toContain('Read-only file system');
  });

  it('mounts only what it needs, and may write to no more', async () => {
    const { Mounts } = await appliance.container(service);
    const prefix = `${appliance.site.project}_`;
    const mounted = Mounts.filter(({ Type }) => Type === 'volume').map(
      ({ Name, RW }) => `${Name?.replace(prefix, '')} ${RW ? 'rw' : 'ro'}`,
    );
    expect(mounted.sort()).toEqual(
      {
        postgres: ['postgres-data rw', 'postgres-secrets ro'],
        relay: ['relay-secrets ro', 'turn-secrets ro'],
        worker: ['turn-secrets rw', 'worker-secrets ro'],
        coturn: ['turn-secrets ro'],
      }[service],
    );
    expect(Mounts.filter(({ Type }) => Type === 'bind')).toEqual([]);
  });
});

describe('secrets', () => {
  const list = (service: string, folder: string) =>
    appliance.exec(service, 'find', folder, '-mindepth', '1', '-type', 'f', '-printf', '%P %m %u:%g\n');

  it('belong to their one reader alone', async () => {
    const [postgres, relay, turn] = await Promise.all([
      list('postgres', '/run/secrets-postgres'),
      list('relay', '/run/relay-secrets'),
      list('coturn', '/run/turn-secrets'),
    ]);
    expect(postgres.trim().split('\n').sort()).toEqual(
      ['admin', 'owner', 'relay', 'worker'].map((role) => `${role}.password 400 postgres:postgres`),
    );
    expect(relay.trim()).toBe('database-url 400 relay:relay');
    expect(turn.trim().split('\n')).toContain('secrets 640 10001:turn');
  });

  it('stand in no environment, label or log', async () => {
    const passwords = await appliance.exec('postgres', 'sh', '-c', 'cat /run/secrets-postgres/*');
    const turn = await appliance.exec('worker', 'cat', '/run/turn-secrets/secrets');
    const secrets = [...passwords.matchAll(/[0-9a-f]{64}/g), ...turn.matchAll(/[0-9a-f]{64}/g)].map(
      ([text]) => text,
    );
    expect(secrets.length).toBeGreaterThanOrEqual(5);
    const said = await appliance.compose(['logs', '--no-color']);
    expect(said.length).toBeGreaterThan(100);
    for (const service of [...LASTING, ...ONE_SHOT]) {
      const known = JSON.stringify(await appliance.container(service));
      for (const secret of secrets) expect(`${known}${said}`.includes(secret)).toBe(false);
    }
    const { State } = await appliance.container('coturn');
    for (const file of ['cmdline', 'environ']) {
      const text = readFileSync(`/proc/${State.Pid}/${file}`, 'utf8');
      for (const secret of secrets) expect(text.includes(secret)).toBe(false);
    }
  });
});

describe('listening', () => {
  it('is the relay on this machine alone, and coturn; the database has no port', async () => {
    const sockets = await succeed('ss', ['-Hlntp']);
    const listening = sockets
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(/\s+/)[3] ?? '');
    const at = (port: number) => listening.filter((address) => address.endsWith(`:${port}`));
    expect(at(4000)).toEqual(['127.0.0.1:4000']);
    expect(at(3478).length).toBeGreaterThan(0);
    expect(at(5432)).toEqual([]);
    // coturn opens nothing else: no command line, no web page, no TLS port without a certificate.
    const { Id } = await appliance.container('coturn');
    const pids = (await succeed('docker', ['top', Id, '-o', 'pid'])).match(/\d+/g) ?? [];
    const own = sockets.split('\n').filter((line) => pids.some((pid) => line.includes(`pid=${pid},`)));
    expect(own.length).toBeGreaterThan(0);
    for (const line of own) expect(line.split(/\s+/)[3]).toMatch(/:3478$/);
  });

  it('cannot be reached from the database’s network, nor the world from it', async () => {
    const { NetworkSettings } = await appliance.container('postgres');
    expect(Object.values(NetworkSettings.Ports).every((ports) => ports === null || ports.length === 0)).toBe(
      true,
    );
    const networks = await succeed('docker', [
      'network',
      'inspect',
      `${appliance.site.project}_data`,
      '--format',
      '{{.Internal}}',
    ]);
    expect(networks.trim()).toBe('true');
  });
});
