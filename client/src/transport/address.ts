import { RelayError } from '@relay/protocol';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const EXAMPLE = 'Set VITE_API_URL to one like https://relay.example.';

/**
 * The origin of a relay address. Plain HTTP is refused unless the relay is on this machine or it was allowed on purpose: others on the
 * way could see whom this member talks to, and alter what the relay answers.
 * @throws RelayError `relay_insecure`, or `relay_unreachable` when it is no address of a relay at all; no message repeats the
 * address, which may hold a password
 */
export function relayOrigin(address: string, allowInsecure: boolean): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch (cause) {
    throw new RelayError('relay_unreachable', `That is not a relay address. ${EXAMPLE}`, { cause });
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new RelayError(
      'relay_unreachable',
      'A relay address begins with https:// (or http:// on this machine).',
    );
  }
  const isOrigin = url.pathname === '/' && url.search === '' && url.hash === '';
  if (!isOrigin || url.username !== '' || url.password !== '')
    throw new RelayError(
      'relay_unreachable',
      `A relay address has no path, query, user or password. ${EXAMPLE}`,
    );
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname) && !allowInsecure)
    throw new RelayError('relay_insecure');
  return url.origin;
}
