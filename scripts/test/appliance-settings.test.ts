import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Machine, verdict } from './support/machine.ts';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.end());

const env = () => machine.read('.env').trimEnd().split('\n').sort();

describe('make up DOMAIN=…', () => {
  it('writes what plain compose needs, and only that', () => {
    expect(machine.run('up', { DOMAIN: 'Relay.example.org' }).status).toBe(0);
    expect(env()).toEqual([
      'COMPOSE_FILE=docker-compose.yml:compose/tls.yml',
      'RELAY_DOMAIN=relay.example.org',
      'RELAY_PUBLIC_URL=https://relay.example.org',
    ]);
  });

  it('notes in a new .env which settings it was written for, and never in one that is there', () => {
    const mark = '# relay-settings 7';
    machine.write('.env.example', `${mark}\n# Settings\n${machine.read('.env.example')}`);
    machine.run('up', { DOMAIN: 'relay.example.org' });
    expect(machine.read('.env').split('\n').slice(0, 2)).toEqual([mark, 'RELAY_DOMAIN=relay.example.org']);
    machine.write('.env', 'LOG_LEVEL=debug\n');
    machine.run('up', { DOMAIN: 'relay.example.org' });
    expect(machine.read('.env')).not.toContain(mark);
  });

  it('changes nothing the second time', () => {
    machine.run('up', { DOMAIN: 'relay.example.org' });
    const before = machine.read('.env');
    const again = machine.run('up', { DOMAIN: 'relay.example.org' });
    expect(machine.read('.env')).toBe(before);
    expect(again.stdout).not.toMatch(/^set /m);
  });

  it('keeps what is there, in its place, and leaves one line for each name', () => {
    machine.write(
      '.env',
      '# mine\nLOG_LEVEL=debug\nRELAY_DOMAIN=old.example.org\nRELAY_PUBLIC_URL="https://old.example.org, http://abc.onion"\n\nRELAY_DOMAIN=older.example.org\nMY=1',
    );
    machine.fake('getent', { '*': '203.0.113.7 STREAM' });
    machine.run('up', { DOMAIN: 'relay.example.org' });
    machine.run('up', { DOMAIN: 'new.example.org' });
    expect(machine.read('.env')).toBe(
      '# mine\nLOG_LEVEL=debug\nRELAY_DOMAIN=new.example.org\nRELAY_PUBLIC_URL=https://new.example.org,https://old.example.org,http://abc.onion\n\nMY=1\nCOMPOSE_FILE=docker-compose.yml:compose/tls.yml\n',
    );
  });

  it('keeps an override of the operator, which compose would forget', () => {
    machine.write('docker-compose.override.yml', '');
    machine.run('up', { DOMAIN: 'relay.example.org' });
    expect(env()[0]).toBe('COMPOSE_FILE=docker-compose.yml:docker-compose.override.yml:compose/tls.yml');
  });

  it.each([
    'https://relay.example.org',
    'relay.example.org:443',
    'localhost',
    'a b.example',
    'x.y\nMORE=1',
    '-a.example',
  ])('refuses %j', (DOMAIN) => {
    const run = machine.run('up', { DOMAIN });
    expect([run.status, machine.read('.env'), machine.calls('docker')]).toEqual([1, '', []]);
    expect(run.stderr).toContain('DOMAIN is a host name alone');
  });
});

describe('other ways in', () => {
  it('combine, one after the other or together', () => {
    machine.run('up', { DOMAIN: 'relay.example.org', TURN_PORTS: '1' });
    const both =
      'COMPOSE_FILE=docker-compose.yml:compose/tls.yml:compose/turn-ports.yml:compose/tls-turn-ports.yml';
    expect(env()[0]).toBe(both);
    machine.run('up', { ONION: '1' });
    expect(env()[0]).toBe(`${both}:compose/onion.yml`);
    machine.run('up', { TURN_PORTS: '0' });
    expect(env()[0]).toBe('COMPOSE_FILE=docker-compose.yml:compose/tls.yml:compose/onion.yml');
  });

  it('an existing proxy takes the place of our own, and gives it back', () => {
    machine.run('up', { DOMAIN: 'relay.example.org' });
    machine.run('up', { EXISTING_PROXY: 'web_default' });
    expect(env()).toContain('COMPOSE_FILE=docker-compose.yml:compose/existing-proxy.yml');
    expect(env()).toContain('PROXY_NETWORK=web_default');
    machine.run('up', { EXISTING_PROXY: '0' });
    expect(env()).toContain('COMPOSE_FILE=docker-compose.yml:compose/tls.yml');
  });

  it('a proxy on the host itself needs no override, and stays', () => {
    machine.run('up', { DOMAIN: 'old.example.org', EXISTING_PROXY: 'host' });
    const again = machine.run('up', { DOMAIN: 'relay.example.org' });
    expect(env()).toEqual([
      'EXISTING_PROXY=host',
      'RELAY_DOMAIN=relay.example.org',
      'RELAY_PUBLIC_URL=https://relay.example.org',
    ]);
    expect(verdict(again, 'Settings')).toBe('ok');
  });

  it('refuse words that mean nothing', () => {
    expect(machine.run('up', { ONION: 'yes' }).stderr).toContain('ONION is 1');
    expect(machine.run('up', { EXISTING_PROXY: 'a network' }).stderr).toContain('docker network ls');
    expect(machine.read('.env')).toBe('');
  });

  it('let the relay know its onion address, and start it again with that', () => {
    const onion = `${'a'.repeat(56)}.onion`;
    machine.docker({ 'compose exec -T tor onion-address': `${onion}\r` });
    const run = machine.run('up', { ONION: '1', DOMAIN: 'relay.example.org' });
    expect(env()).toContain(`RELAY_PUBLIC_URL=https://relay.example.org,http://${onion}`);
    expect(machine.calls('docker compose up')).toHaveLength(2);
    expect(run.stdout).toContain(`VITE_API_URL=http://${onion}`);
    machine.run('up');
    expect(machine.calls('docker compose up')).toHaveLength(3);
  });
});

describe('what .env says', () => {
  it('is good when every name is known', () => {
    machine.write(
      '.env',
      '# x\n\nMAILBOX_MAX_BLOBS=100\nexport RELAY_PORT=4000\nCOMPOSE_PROJECT_NAME=mine\n',
    );
    expect(verdict(machine.run('up'), 'Settings')).toBe('ok');
  });

  it.each([
    ['MAILBOX_MAX_BLOB=100', 'warning', 'MAILBOX_MAX_BLOB.'],
    ['RELAY_PORT=1\nRELAY_PORT=2', 'warning', 'RELAY_PORT more than once'],
    ['RELAY_PORT: 4000', 'fault', 'NAME=value: 1'],
  ])('%j is a %s', (text, outcome, words) => {
    machine.write('.env', `${text}\n`);
    const run = machine.run('up');
    expect(verdict(run, 'Settings')).toBe(outcome);
    expect(run.stdout).toContain(words);
  });

  it.each(['4400', '"4400"', "'4400'", '4400 # mine', '4400\r'])(
    'is read as compose reads it: %j',
    (written) => {
      machine.write('.env', `RELAY_PORT=1\nRELAY_PORT=${written}\n`);
      expect(machine.run('up').stdout).toContain('VITE_API_URL=http://localhost:4400\n');
    },
  );

  it('gives way to the environment', () => {
    machine.write('.env', 'RELAY_PORT=4400\n');
    expect(machine.run('up', { RELAY_PORT: '4500' }).stdout).toContain(
      'VITE_API_URL=http://localhost:4500\n',
    );
  });
});

describe('the clock', () => {
  it.each([
    ['yes', 'ok'],
    ['no', 'warning'],
  ])('synchronised: %s', (answer, outcome) => {
    machine.fake('timedatectl', { '*': answer });
    expect(verdict(machine.run('up'), 'Clock')).toBe(outcome);
  });

  it('is not asked for without timedatectl', () => {
    machine.remove('timedatectl');
    expect(verdict(machine.run('up'), 'Clock')).toBeUndefined();
  });
});
