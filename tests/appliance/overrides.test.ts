import { cpSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { testTurn } from '@relay/admin-cli/turn-test';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { Appliance } from './support/appliance.ts';
import { identityOf, Member } from './support/circle.ts';
import { succeed } from './support/docker.ts';
import { livingSecrets, ownAddress } from './support/turn.ts';
import { until } from './support/until.ts';

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
    const secrets = await livingSecrets(appliance);
    const checks = await testTurn({
      host,
      port: 3478,
      tlsPort: 5349,
      transports: ['udp', 'tcp'],
      secrets,
    });
    expect(checks.length).toBeGreaterThan(15);
    expect(checks.filter(({ held }) => !held)).toEqual([]);
  });
});

describe('a proxy that is there', () => {
  const NETWORK = `${site.project}-proxy`;
  afterAll(async () => {
    await new Appliance(site).up('--remove-orphans');
    await succeed('docker', ['rm', '--force', NETWORK]);
    await succeed('docker', ['network', 'rm', NETWORK]);
  });

  it('in a network of its own is the only way in, WebSockets included', async () => {
    await succeed('docker', ['network', 'create', NETWORK]);
    const publish = ['--publish', '127.0.0.1:4088:4088'];
    const serve = ['caddy', 'reverse-proxy', '--from', ':4088', '--to', 'relay-appliance:4000'];
    await succeed('docker', [
      'run',
      '--detach',
      '--name',
      NETWORK,
      '--network',
      NETWORK,
      ...publish,
      'caddy:2',
      ...serve,
    ]);
    const url = 'http://localhost:4088';
    await by('existing-proxy', { PROXY_NETWORK: NETWORK, RELAY_PUBLIC_URL: url }).up('--remove-orphans');
    await expect(fetch('http://localhost:4000/healthz')).rejects.toThrow();
    const [one, two] = [
      new Member(url, await identityOf(circle, 1)),
      new Member(url, await identityOf(circle, 2)),
    ];
    const sent = await until('an upload through the proxy', () => one.send(two.identity.member.keyHash, 3));
    const found = await two.receive();
    for (const [id, hash] of sent) expect(found.get(id)).toBe(hash);
    const socket = new WebSocket(`ws://localhost:4088/socket.io/?EIO=4&transport=websocket`);
    const first = await new Promise<string>((resolve, reject) => {
      socket.onmessage = ({ data }) => resolve(String(data));
      socket.onerror = () => reject(new Error('the proxy did not pass a WebSocket on'));
    });
    socket.close();
    // Engine.IO's opening packet.
    expect(first).toMatch(/^0{/);
  });
});

describe('development', () => {
  it('runs the sources of the folder, and again when they change', async () => {
    const root = resolve(import.meta.dirname, '../..');
    const generated = 'images/relay/src/generated';
    cpSync(join(root, generated), join(site.folder, generated), { recursive: true });
    const appliance = by('development', {});
    await appliance.up('--remove-orphans');
    const source = join(site.folder, 'images/relay/src/main.ts');
    writeFileSync(source, "process.stdout.write('changed by the test\\n');\n", { flag: 'a' });
    await until('the changed source to run', async () =>
      (await appliance.compose(['logs', '--no-color', 'relay'])).includes('changed by the test'),
    );
    cpSync(join(root, 'images/relay/src/main.ts'), source);
    await appliance.healthy(['relay']);
  });
});

describe('an onion service', () => {
  it('has an address, a configuration that tor accepts, and no other way in', async () => {
    const appliance = by('onion', {});
    await appliance.up('--remove-orphans');
    const address = (await appliance.exec('tor', 'onion-address')).trim();
    expect(address).toMatch(/^[a-z2-7]{56}\.onion$/);
    await appliance.exec('tor', 'relay-onion', '--check');
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
