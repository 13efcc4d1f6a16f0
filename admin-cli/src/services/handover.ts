import { equalBytes, isPassphraseWrapped, RelayError } from '@relay/protocol';
import { UserFault } from '../faults.ts';
import type { InspectedIdentity } from './inspect-identity.ts';
import { inspectIdentity } from './inspect-identity.ts';

/** A page that is handed over with an identity file. Nothing in it is secret. */
export interface HandoverPage {
  identity: InspectedIdentity;
  /** The relay's origin. */
  relay: string;
}

/**
 * The origin of a relay as members enter it.
 * @throws UserFault `relay_address` unless it is an http or https address without path, query or login
 */
export function relayOrigin(text: string): string {
  const url = URL.parse(text);
  const isOrigin =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.pathname === '/' &&
    url.search + url.hash + url.username + url.password === '';
  if (isOrigin) return url.origin;
  throw new UserFault('relay_address', 'The relay’s address is not of the form https://relay.example.org.');
}

/** Whether members’ clients refuse an origin as long as they are not told otherwise: plain HTTP that leaves the machine. */
export function isRefusedByClients(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/**
 * Verifies identity files and makes the pages to hand over with them, in the order of the members' numbers.
 * @param files of one circle
 * @param askPassphrase called once, and only when a file has a passphrase
 * @throws RelayError with the code of the check that failed, `circle_mismatch` for files of several circles
 */
export async function handoverPages(
  files: readonly Uint8Array[],
  relay: string,
  askPassphrase: () => Promise<string>,
): Promise<HandoverPage[]> {
  const passphrase = files.some(isPassphraseWrapped) ? await askPassphrase() : '';
  const pages: HandoverPage[] = [];
  for (const file of files)
    pages.push({ identity: await inspectIdentity(file, async () => passphrase), relay });
  const [first] = pages;
  if (
    pages.some(
      ({ identity }) => !equalBytes(identity.circleId, first?.identity.circleId ?? identity.circleId),
    )
  )
    throw new RelayError(
      'circle_mismatch',
      'These identity files are of different circles. Print them apart.',
    );
  return pages.toSorted((a, b) => a.identity.number - b.identity.number);
}
