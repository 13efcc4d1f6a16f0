import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyAddr from 'proxy-addr';

/** A name for where a request comes from, good in this process alone. */
export type AddressOf = (request: IncomingMessage) => string;

const NAME_BYTES = 12;

/**
 * Names addresses without keeping them: by HMAC-SHA-256 under a secret that only this function holds and that ends with the process. An
 * IPv6 address stands for its /64, which is what one subscriber has.
 *
 * @param secret 32 random bytes, for nothing else
 * @param proxies addresses, networks in CIDR notation, or `loopback`, `linklocal`, `uniquelocal`: where a request comes from one of these, and
 * only then, the last address of `X-Forwarded-For` that is none of these is whose request it is
 * @throws TypeError when one of the proxies is no address
 */
export function createAddressOf(secret: Uint8Array, proxies: readonly string[]): AddressOf {
  const isProxy = proxyAddr.compile([...proxies]);
  return (request) => {
    const name = createHmac('sha256', secret).update(networkOf(proxyAddr(request, isProxy) ?? ''));
    return name.digest().toString('base64url', 0, NAME_BYTES);
  };
}

/**
 * What one subscriber has: an IPv4 address, also where it is written as an IPv6 one, or the first 64 bits of an IPv6 address.
 * @param address as text; anything else stands for itself
 */
export function networkOf(address: string): string {
  const bare = address.replace(/%.*$/, '').toLowerCase();
  const mapped = /^(?:0*:)*:?ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(bare)) return bare;
  const [head = '', tail] = bare.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0').split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const [before, after] = [groups(head), groups(tail)];
  const all =
    tail === undefined ? before : [...before, ...Array(8 - before.length - after.length).fill('0'), ...after];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
