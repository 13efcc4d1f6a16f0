import type { IncomingMessage } from 'node:http';
import type { Bytes } from '@relay/protocol/wire';
import { b64Bytes, HASH_BYTES } from '@relay/protocol/wire';

/**
 * The bytes of an `Authorization` header (SPEC.md §13).
 * @param scheme `SESSION_SCHEME`, `TICKET_SCHEME` or `TOKEN_SCHEME`
 * @param size how many; 32 unless given
 * @returns undefined when the header is missing, of another scheme or malformed
 */
export function readAuthorization(
  request: IncomingMessage,
  scheme: string,
  size = HASH_BYTES,
): Bytes | undefined {
  const [sent, text, ...more] = (request.headers.authorization ?? '').split(' ');
  if (sent !== scheme || more.length > 0) return undefined;
  return b64Bytes(size).safeParse(text).data;
}
