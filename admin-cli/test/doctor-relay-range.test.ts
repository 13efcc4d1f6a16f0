import { expect, test } from 'vitest';
import { findingsFrom } from '../src/doctor/index.ts';
import { hostWith, wellFacts } from './support/doctor-facts.ts';

const COTURN = 'service=coturn';
const STOPPED = `${COTURN} exited - 0 0 false`;
const WELL = 'ok: Nothing but the appliance answers over UDP at the address of the TURN server.';

/** `level: finding` of this area, with lines of the host half replaced. */
function told(more: readonly string[], without: readonly string[] = []): string[] {
  const found = findingsFrom(wellFacts({ host: hostWith(without, more) }), undefined);
  return found.flatMap(({ area, level, finding }) =>
    area === 'relay range' ? [`${level}: ${finding}`] : [],
  );
}

test('where programs cannot be told from the TURN server, nothing is promised', () => {
  const own = 'listener=udp 203.0.113.7 50000';
  expect(told([`${own} turnserver`])).toEqual([WELL]);
  expect(told([own])).toEqual([
    expect.stringMatching(
      /^unseen: Whether the TURN server alone answers on 49152-53247\/udp .* run it as root/,
    ),
  ]);
  expect(told([`${own} mosh`])).toEqual([
    expect.stringContaining('warning: Another program answers on UDP 50000'),
  ]);
  // coturn holds none while it is stopped, and never one of all addresses.
  expect(told([own, STOPPED], [COTURN])).toEqual([expect.stringContaining('warning: Another program')]);
  expect(told(['listener=udp 0.0.0.0 50000'])).toEqual([expect.stringContaining('warning: Another program')]);
});

test('what answers outside the range, on all addresses or the one that members reach, is told too', () => {
  expect(
    told([
      'listener=udp 0.0.0.0 53 named',
      'listener=udp :: 53 named',
      'listener=udp 203.0.113.7 161 snmpd',
      'listener=udp * 111',
    ]),
  ).toEqual([
    'warning: Another program answers on UDP 53 (named), 161 (snmpd), 111 at the address of the TURN server.',
  ]);
  expect(told(['listener=udp 198.51.100.9 53 named', 'set.TURN_EXTERNAL_IP=198.51.100.9'])).toEqual([
    expect.stringContaining('warning: Another program answers on UDP 53 (named)'),
  ]);
  expect(told(['listener=udp 0.0.0.0 53 named', 'listener=udp 0.0.0.0 50000 mosh'])).toHaveLength(2);
});

test('what members do not reach by TURN, and what the appliance itself has, is well', () => {
  expect(
    told([
      'listener=udp 127.0.0.53 53 systemd-resolve',
      'listener=udp ::1 323 chronyd',
      'listener=udp 172.17.0.1 53 dnsmasq',
      'listener=udp 203.0.113.7 68 systemd-network',
      'listener=tcp 0.0.0.0 22 sshd',
      'expected_port=caddy udp 0.0.0.0 443',
      'listener=udp 0.0.0.0 443 docker-proxy',
    ]),
  ).toEqual([WELL]);
});
