/** Addresses of relays, and what lies on the way to each. */
import { RelayError } from '@relay/protocol';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
/** Version 3: the public key itself, so that what is reached by it is encrypted and proven without any certificate. */
const ONION = /^[a-z2-7]{56}\.onion$/;
const EXAMPLE = 'Set VITE_API_URL to one like https://relay.example.';

/**
 * The origin of a relay address. Plain HTTP is refused unless the relay is on this machine, or an onion service, or it was allowed on purpose: others on
 * the way could see whom this member talks to, and alter what the relay answers.
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
  if (wayTo(url.origin) === 'plain' && !allowInsecure) throw new RelayError('relay_insecure');
  return url.origin;
}

/**
 * What lies between this client and a relay: `local`, nothing that leaves this machine openly; `onion`, the Tor network; `tls`; or `plain`, nothing that hides
 * anything.
 */
export type RelayWay = 'local' | 'onion' | 'tls' | 'plain';

/** The way to an origin. */
export function wayTo(origin: string): RelayWay {
  const { protocol, hostname } = new URL(origin);
  if (LOOPBACK.test(hostname)) return 'local';
  if (ONION.test(hostname)) return 'onion';
  return protocol === 'https:' ? 'tls' : 'plain';
}
