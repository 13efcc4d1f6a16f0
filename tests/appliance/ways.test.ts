import { describe, expect, inject, it } from 'vitest';
import { Appliance } from './support/appliance.ts';

const appliance = new Appliance(inject('appliance'));

/** A service of the merged configuration. */
interface Service {
  ports?: { target: number; published: string; protocol: string; host_ip?: string }[];
  networks?: Record<string, unknown>;
  network_mode?: string;
  environment?: Record<string, string>;
  read_only?: boolean;
  cap_drop?: string[];
}

async function merged(files: string[], env: Record<string, string>): Promise<Record<string, Service>> {
  const args = ['docker-compose.yml', ...files.map((file) => `compose/${file}.yml`)].flatMap((file) => [
    '-f',
    file,
  ]);
  return JSON.parse(await appliance.compose([...args, 'config', '--format', 'json'], { env })).services;
}

const ports = (service: Service | undefined) =>
  (service?.ports ?? []).map(
    ({ host_ip = '', published, protocol }) => `${host_ip}:${published}/${protocol}`,
  );

describe('the ways to run it', () => {
  it('by itself: the relay on this machine alone, coturn in the host’s network', async () => {
    const { relay, coturn, postgres } = await merged([], {});
    expect(ports(relay)).toEqual(['127.0.0.1:4000/tcp']);
    expect(coturn?.network_mode).toBe('host');
    expect(ports(postgres)).toEqual([]);
  });

  it('with TLS', async () => {
    const { relay, caddy, coturn } = await merged(['tls'], { RELAY_DOMAIN: 'relay.example' });
    expect(ports(relay)).toEqual([]);
    expect(ports(caddy)).toEqual([':80/tcp', ':443/tcp', ':443/udp']);
    expect(relay?.environment).toMatchObject({
      RELAY_PUBLIC_URL: 'https://relay.example',
      TURNS_PORT: '5349',
    });
    expect(coturn?.environment).toMatchObject({ TURNS_PORT: '5349' });
  });

  it('behind a proxy that is there', async () => {
    const env = { PROXY_NETWORK: 'proxy', RELAY_PUBLIC_URL: 'https://relay.example' };
    const { relay } = await merged(['existing-proxy'], env);
    expect(ports(relay)).toEqual([]);
    expect(Object.keys(relay?.networks ?? {}).sort()).toEqual(['data', 'edge', 'proxy']);
  });

  it('with published TURN ports', async () => {
    const { coturn } = await merged(['turn-ports'], { TURN_EXTERNAL_IP: '203.0.113.5' });
    expect(coturn?.network_mode).toBeUndefined();
    expect(ports(coturn)).toEqual(expect.arrayContaining([':3478/udp', ':3478/tcp']));
    const both = await merged(['tls', 'turn-ports', 'tls-turn-ports'], {
      TURN_EXTERNAL_IP: '203.0.113.5',
      RELAY_DOMAIN: 'relay.example',
    });
    expect(ports(both.coturn)).toContain(':5349/tcp');
  });

  it('as an onion service', async () => {
    const { relay, tor } = await merged(['onion'], {});
    expect([ports(relay), ports(tor)]).toEqual([[], []]);
  });

  it('for development', async () => {
    const { relay, postgres } = await merged(['development'], {});
    expect(ports(postgres)).toEqual(['127.0.0.1:5432/tcp']);
    expect(relay?.environment?.LOG_LEVEL).toBe('debug');
  });

  it.each([
    ['tls', 'RELAY_DOMAIN', {}],
    ['existing-proxy', 'RELAY_PUBLIC_URL', { PROXY_NETWORK: 'proxy' }],
    ['existing-proxy', 'PROXY_NETWORK', { RELAY_PUBLIC_URL: 'https://relay.example' }],
  ])('%s says which setting it lacks', async (file, setting, env) => {
    const args = ['-f', 'docker-compose.yml', '-f', `compose/${file}.yml`, 'config', '-q'];
    const tried = await appliance.tryCompose(args, { env: env as Record<string, string> });
    expect([tried.code !== 0, tried.stderr]).toEqual([true, expect.stringContaining(`set ${setting}`)]);
  });

  it.each([
    ['tls', { RELAY_DOMAIN: 'relay.example' }],
    ['onion', {}],
  ])('%s: everything is as confined as the base', async (file, env) => {
    for (const [name, service] of Object.entries(await merged([file], env as Record<string, string>))) {
      expect([name, service.read_only, service.cap_drop]).toEqual([name, true, ['ALL']]);
    }
  });
});
