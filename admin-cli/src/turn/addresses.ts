import { isIPv4, isIPv6 } from 'node:net';

/** Where a datagram comes from or goes to. */
export interface TransportAddress {
  /** An IPv4 or IPv6 address as text, without brackets. */
  ip: string;
  /** 0 to 65535. */
  port: number;
}

/**
 * An IP address as bytes: 4 for IPv4, 16 for IPv6. An IPv4-mapped address (`::ffff:10.0.0.1`) stays IPv6.
 * @throws RangeError for a text that is no IP address
 */
export function ipBytes(ip: string): Buffer {
  if (isIPv4(ip)) return Buffer.from(ip.split('.').map(Number));
  // Zones name an interface of this machine and mean nothing to another.
  if (!isIPv6(ip) || ip.includes('%')) throw new RangeError('This is no IP address.');
  // The URL parser writes hexadecimal groups alone, also where the text ends in an IPv4 address.
  const [head = '', tail] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split('::');
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = Array.from<number>({ length: 8 - before.length - after.length }).fill(0);
  const bytes = Buffer.alloc(16);
  for (const [index, group] of [...before, ...zeros, ...after].entries())
    bytes.writeUInt16BE(group, index * 2);
  return bytes;
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

/**
 * The text of an IP address, in the form that RFC 5952 asks for.
 * @param bytes 4 or 16
 * @throws RangeError for another number of bytes
 */
export function ipText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) throw new RangeError('An IP address has 4 or 16 bytes.');
  const view = Buffer.from(bytes);
  const hextets = Array.from({ length: 8 }, (_, index) => view.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${hextets.join(':')}]`).hostname.slice(1, -1);
}

/** `192.0.2.1:3478` or `[2001:db8::1]:3478`. */
export function addressText({ ip, port }: TransportAddress): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}
