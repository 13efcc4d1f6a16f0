import type { IncomingMessage } from 'node:http';
import type { Bytes } from '@relay/protocol/wire';
import { b64Bytes, HASH_BYTES } from '@relay/protocol/wire';

const credential = b64Bytes(HASH_BYTES);

/**
 * The 32 bytes of an `Authorization` header (SPEC.md §13).
 * @param scheme {@link SESSION_SCHEME} or {@link TICKET_SCHEME}
 * @returns undefined when the header is missing, of another scheme or malformed
 */
export function readAuthorization(request: IncomingMessage, scheme: string): Bytes | undefined {
  const [sent, text, ...more] = (request.headers.authorization ?? '').split(' ');
  if (sent !== scheme || more.length > 0) return undefined;
  return credential.safeParse(text).data;
}
