import { testTurn } from '@relay/admin-cli/turn-test';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { Appliance } from './support/appliance.ts';
import { identityOf, Member } from './support/circle.ts';
import { ownAddress } from './support/turn.ts';

// Overrides that need nothing from the internet to run; those that do are read in ways.test.ts.
const site = inject('appliance');
const circle = inject('circle');

function by(override: string, env: Record<string, string>): Appliance {
  const COMPOSE_FILE = `docker-compose.yml:compose/${override}.yml`;
  return new Appliance({ ...site, env: { ...site.env, COMPOSE_FILE, ...env } });
}

afterAll(() => new Appliance(site).up('--remove-orphans'));

describe('published TURN ports instead of the host’s network', () => {
  it('give calls all that they need, and refuse the rest', async () => {
    const host = ownAddress();
    const appliance = by('turn-ports', { TURN_EXTERNAL_IP: host, TURN_HOST: host });
    await appliance.up();
    expect((await appliance.container('coturn')).HostConfig.NetworkMode).not.toBe('host');
    const secrets = (await appliance.exec('worker', 'cat', '/run/turn-secrets/secrets'))
      .trim()
      .split('\n')
      .slice(1);
    const alive = secrets.map((line) => line.split(' ')[0] ?? '');
    const checks = await testTurn({
      host,
      port: 3478,
      tlsPort: 5349,
      transports: ['udp', 'tcp'],
      secrets: { minting: alive.at(-1) ?? '', alive },
    });
    expect(checks.length).toBeGreaterThan(15);
    expect(checks.filter(({ held }) => !held)).toEqual([]);
  });
});

describe('an onion service', () => {
  it('has an address, a configuration that tor accepts, and no other way in', async () => {
    const appliance = by('onion', {});
    await appliance.up('--remove-orphans');
    const address = (await appliance.exec('tor', 'onion-address')).trim();
    expect(address).toMatch(/^[a-z2-7]{56}\.onion$/);
    await appliance.exec('tor', 'tor', '--verify-config', '--hush', '-f', '/etc/tor/torrc');
    expect(await appliance.compose(['logs', '--no-color', 'tor'])).toContain(`http://${address}`);
    await expect(fetch('http://localhost:4000/healthz')).rejects.toThrow();
    const { HostConfig } = await appliance.container('tor');
    expect([HostConfig.ReadonlyRootfs, HostConfig.CapDrop]).toEqual([true, ['ALL']]);
    // The same address after a restart: it is what members have.
    await appliance.compose(['restart', 'tor']);
    await appliance.healthy(['tor']);
    expect((await appliance.exec('tor', 'onion-address')).trim()).toBe(address);
  });

  it('is left again by the plain appliance, which answers as before', async () => {
    const appliance = new Appliance(site);
    await appliance.up('--remove-orphans');
    const one = new Member(appliance.relayUrl, await identityOf(circle, 1));
    await expect(one.session()).resolves.toBeDefined();
  });
});
