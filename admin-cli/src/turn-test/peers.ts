import { BlockList } from 'node:net';
import type { TransportAddress } from '../turn/index.ts';

/** Addresses that no relay may reach for a member, by what they are. */
export interface ForbiddenPeers {
  /** As people call the range. */
  name: string;
  /** More than one, so that a rule for a single address is not taken for a rule for the range. */
  ips: readonly string[];
}

/** Ranges that lead into the server, its network, or its provider. */
export const FORBIDDEN_PEERS: readonly ForbiddenPeers[] = [
  { name: 'loopback', ips: ['127.0.0.1', '127.255.255.254'] },
  { name: 'private 10/8', ips: ['10.0.0.1', '10.255.255.254'] },
  { name: 'private 172.16/12', ips: ['172.16.0.1', '172.31.255.254'] },
  { name: 'private 192.168/16', ips: ['192.168.0.1', '192.168.255.254'] },
  { name: 'CGNAT 100.64/10', ips: ['100.64.0.1', '100.127.255.254'] },
  { name: 'link-local 169.254/16', ips: ['169.254.0.1', '169.254.255.254'] },
  { name: 'cloud metadata', ips: ['169.254.169.254'] },
  { name: 'this host 0/8', ips: ['0.0.0.0'] },
  { name: 'IPv4-mapped loopback', ips: ['::ffff:127.0.0.1', '::ffff:127.255.255.254'] },
  { name: 'IPv4-mapped private', ips: ['::ffff:10.0.0.1', '::ffff:172.16.0.1', '::ffff:192.168.0.1'] },
  { name: 'IPv4-mapped metadata', ips: ['::ffff:169.254.169.254'] },
  { name: 'IPv6 loopback', ips: ['::1'] },
  { name: 'IPv6 private and link-local', ips: ['fd00::1', 'fc00::1', 'fe80::1'] },
];

const PRIVATE = new BlockList();
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const) {
  PRIVATE.addSubnet(net, bits, 'ipv4');
}
for (const [net, bits] of [
  ['fc00::', 7],
  ['fe80::', 10],
  ['::1', 128],
] as const) {
  PRIVATE.addSubnet(net, bits, 'ipv6');
}

/** Whether an address can be reached from inside one network alone. */
export function isPrivate({ ip }: Pick<TransportAddress, 'ip'>): boolean {
  return PRIVATE.check(ip, ip.includes(':') ? 'ipv6' : 'ipv4');
}
