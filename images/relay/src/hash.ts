import { hash } from 'node:crypto';
import type { Bytes } from '@relay/protocol/wire';

/**
 * SHA-256 of a secret, 32 bytes: what the relay keeps of it. WebCrypto's, which the protocol uses, hands even 32 bytes to another
 * thread, and that is a good part of the time of an upload.
 */
export function hashSecret(secret: Uint8Array): Bytes {
  return Uint8Array.from(hash('sha256', secret, 'buffer'));
}
