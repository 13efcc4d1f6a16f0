/** The WebCrypto operations that both halves of the protocol use. Nothing here can decrypt. */
import type { Bytes } from './bytes.ts';
import { asBytes, concat, lp } from './bytes.ts';

/** SHA-256 (FIPS 180-4) of all parts joined, 32 bytes. */
export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', concat(...parts)));
}

/** `n` bytes from the CSPRNG of the platform. */
export function randomBytes(n: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(n));
}

/**
 * Whether `signature` (64 bytes) is an Ed25519 signature (RFC 8032) over `message` by `publicKey` (32 bytes).
 * Never throws: a malformed key or signature is false.
 */
export async function verifySignature(
  publicKey: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', asBytes(publicKey), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, asBytes(signature), asBytes(message));
  } catch {
    return false;
  }
}

/** The key hash (32 bytes) of a public bundle (1,280 bytes): a member's only name at the relay (SPEC.md §2). */
export async function keyHashOf(bundle: Uint8Array): Promise<Bytes> {
  return sha256(lp('relay/1 key hash', bundle));
}
