import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composed, LOCAL, Machine, TLS, verdict } from './support/machine.ts';

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});
afterEach(() => machine.end());

const DOMAIN = { DOMAIN: 'relay.example.org' };

function address(v4: string | undefined, v6?: string): void {
  const none = { err: 'RTNETLINK answers: Network is unreachable', code: 2 };
  machine.fake('ip', {
    '-4 -o route get *': v4 === undefined ? none : `192.0.2.1 via 10.0.0.1 dev eth0 src ${v4} uid 0`,
    '-6 -o route get *':
      v6 === undefined ? none : `2001:db8::1 from :: via fe80::1 dev eth0 src ${v6} metric 1`,
  });
}

describe('the address', () => {
  it.each([
    '10.0.0.5',
    '172.16.0.1',
    '172.31.255.1',
    '192.168.1.9',
    '100.64.0.1',
    '100.127.9.9',
    '169.254.3.3',
  ])('sees a NAT in front of %s', (v4) => {
    address(v4);
    const run = machine.run('up');
    expect(verdict(run, 'Address')).toBe('warning');
    expect(run.stdout).toMatch(/NAT is in front.*TURN_EXTERNAL_IP/);
  });

  it.each(['172.32.0.1', '100.128.0.1', '11.0.0.1', '192.167.1.1'])('takes %s as public', (v4) => {
    address(v4);
    expect(verdict(machine.run('up'), 'Address')).toBe('ok');
  });

  it('is content with a NAT once TURN_EXTERNAL_IP is set', () => {
    address('10.0.0.5');
    machine.write('.env', 'TURN_EXTERNAL_IP=203.0.113.7\n');
    const run = machine.run('up', DOMAIN);
    expect([verdict(run, 'Address'), verdict(run, 'Domain'), run.status]).toEqual(['ok', 'ok', 0]);
  });

  it('stops behind a NAT with a domain, and names the address to set', () => {
    address('10.0.0.5');
    const run = machine.run('up', DOMAIN);
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/^fault.*TURN_EXTERNAL_IP=203\.0\.113\.7 in \.env$/m);
  });

  it('lets a domain of the same private network be', () => {
    address('10.0.0.5');
    machine.fake('getent', { 'ahosts relay.example.org': '10.0.0.5 STREAM' });
    expect(verdict(machine.run('up', DOMAIN), 'Address')).toBe('ok');
  });

  it('stops without any route, and warns of IPv6 alone', () => {
    address(undefined);
    expect(verdict(machine.run('up'), 'Address')).toBe('fault');
    address(undefined, '2001:db8:5::7');
    expect(verdict(machine.run('up'), 'Address')).toBe('warning');
  });

  it('tells IPv6 where it is global', () => {
    address('203.0.113.7', '2001:db8:5::7');
    expect(machine.run('up').stdout).toContain('ok       IPv6: 2001:db8:5::7');
    address('203.0.113.7', 'fd00::7');
    expect(machine.run('up').stdout).toContain('ok       IPv6: none');
  });

  it('warns when there is no ip command', () => {
    machine.remove('ip');
    expect(verdict(machine.run('up'), 'Address')).toBe('warning');
  });
});

describe('the domain', () => {
  it('may point here, elsewhere or nowhere', () => {
    expect(verdict(machine.run('up', DOMAIN), 'Domain')).toBe('ok');
    machine.fake('getent', { 'ahosts relay.example.org': '203.0.113.7 STREAM\n2001:db8::9 STREAM' });
    const elsewhere = machine.run('up', DOMAIN);
    expect(verdict(elsewhere, 'Domain')).toBe('warning');
    expect(elsewhere.stdout).toContain('points to 2001:db8::9, which');
    machine.fake('getent', { '*': { code: 2 } });
    const nowhere = machine.run('up', DOMAIN);
    expect([verdict(nowhere, 'Domain'), nowhere.status]).toEqual(['fault', 1]);
  });

  it('is not looked up without getent, nor without a domain', () => {
    expect(verdict(machine.run('up'), 'Domain')).toBeUndefined();
    machine.remove('getent');
    expect(verdict(machine.run('up', DOMAIN), 'Domain')).toBe('warning');
  });
});

describe('ports', () => {
  it.each([
    ['0.0.0.0:4000', '', 'Port 4000/tcp'],
    ['127.0.0.1:4000', '', 'Port 4000/tcp'],
    ['[::]:443', '', 'Port 443/tcp'],
    ['', '*:443', 'Port 443/udp'],
    ['127.0.0.1:80', '', 'Port 80/tcp'],
    ['*:3478', '', 'Port 3478/tcp'],
    ['', '203.0.113.7:3478', 'Port 3478/udp'],
    ['0.0.0.0:5349', '', 'Port 5349/tcp'],
    ['', '0.0.0.0:5349', 'Port 5349/udp'],
  ])('tcp %s udp %s is a fault: %s', (tcp, udp, subject) => {
    machine.docker({ 'compose config': composed([LOCAL, ...TLS], { TURNS_PORT: '5349' }) });
    machine.listening(tcp === '' ? [] : [tcp], udp === '' ? [] : [udp]);
    const run = machine.run('up', DOMAIN);
    expect(verdict(run, subject)).toBe('fault');
    expect(run.status).toBe(1);
  });

  it('lets be what listens at other addresses and ports', () => {
    machine.listening(
      ['203.0.113.7:4000', '127.0.0.53%lo:53', '127.0.0.1:3478', '0.0.0.0:443', '0.0.0.0:5349'],
      ['127.0.0.1:3478', '0.0.0.0:4000'],
    );
    const run = machine.run('up');
    expect([verdict(run, 'Ports'), run.status]).toEqual(['ok', 0]);
  });

  it('follows what compose makes of the settings', () => {
    machine.docker({ 'compose config': composed(['relay 203.0.113.7:4400/tcp'], { TURN_PORT: '3999' }) });
    machine.write('.env', 'TURN_LISTEN_IP=203.0.113.8,203.0.113.9\n');
    machine.listening(['0.0.0.0:4000', '127.0.0.1:4400', '0.0.0.0:3478', '203.0.113.7:3999'], []);
    expect(machine.run('up').stdout).toContain('by this appliance: 4400/tcp 3999/tcp 3999/udp\n');
    machine.listening(['203.0.113.7:4400'], ['203.0.113.9:3999']);
    const run = machine.run('up');
    expect([verdict(run, 'Port 4400/tcp'), verdict(run, 'Port 3999/udp')]).toEqual(['fault', 'fault']);
  });

  it('checks published TURN ports, which need the address that members reach', () => {
    const ports = ['coturn :3478/udp', 'coturn :3478/tcp'];
    machine.docker({ 'compose config': composed(ports) });
    machine.listening([], ['127.0.0.1:3478', '0.0.0.0:50000']);
    const run = machine.run('up', { TURN_PORTS: '1' });
    expect([verdict(run, 'Port 3478/udp'), verdict(run, 'Relay range')]).toEqual(['fault', undefined]);
    expect(run.stdout).toMatch(/^fault.*TURN_EXTERNAL_IP=203\.0\.113\.7,/m);
    machine.write('.env', `${machine.read('.env')}TURN_EXTERNAL_IP=203.0.113.7\n`);
    machine.listening([], []);
    expect(machine.run('up').status).toBe(0);
  });

  it('knows its own services', () => {
    machine.listening(
      ['127.0.0.1:4000', '0.0.0.0:3478', '0.0.0.0:443'],
      ['203.0.113.7:3478', '203.0.113.7:50000'],
    );
    const config = { 'compose config': composed([LOCAL, ...TLS]) };
    machine.docker({
      ...config,
      'compose ps --services --status running --status *': 'relay\ncoturn\ncaddy',
    });
    expect(machine.run('up', DOMAIN).status).toBe(0);
    machine.docker({ ...config, 'compose ps --services --status running --status *': 'relay\ncoturn' });
    expect(verdict(machine.run('up', DOMAIN), 'Port 443/tcp')).toBe('fault');
  });

  it('warns of what else answers in the relay range', () => {
    machine.listening([], ['0.0.0.0:51820', '[::]:51820', '127.0.0.1:50000', '0.0.0.0:53248']);
    const run = machine.run('up');
    expect([verdict(run, 'Relay range'), run.status]).toEqual(['warning', 0]);
    expect(run.stdout).toContain('UDP port 51820, within 49152-53247');
    machine.docker({ 'compose config': composed([], { TURN_MIN_PORT: '52000', TURN_MAX_PORT: '52999' }) });
    expect(verdict(machine.run('up'), 'Relay range')).toBe('ok');
  });

  it('warns when there is no ss command', () => {
    machine.remove('ss');
    const run = machine.run('up');
    expect([verdict(run, 'Ports'), run.status]).toEqual(['warning', 0]);
  });
});

it('warns that an onion service alone carries no calls', () => {
  machine.docker({ 'compose exec -T tor onion-address': '' });
  expect(verdict(machine.run('up', { ONION: '1' }), 'Calls')).toBe('warning');
  machine.write('.env', `${machine.read('.env')}TURN_HOST=203.0.113.7\n`);
  expect(verdict(machine.run('up'), 'Calls')).toBeUndefined();
});
