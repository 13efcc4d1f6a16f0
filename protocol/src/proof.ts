import type { Identity } from './identity.ts';
import { sign } from './keys.ts';
import type { Bytes } from './wire/bytes.ts';
import { sessionMessage } from './wire/session.ts';

/** What a member shows to get a session. */
export interface SessionProof {
  /** 1,280 bytes. */
  bundle: Bytes;
  /** 64 bytes. */
  signature: Bytes;
}

/**
 * Proves this member's key to the relay at `origin` for its nonce of 32 bytes (SPEC.md §12).
 * @param origin the origin the client dialled, such as `https://relay.example`
 */
export async function proveSession(
  identity: Identity,
  origin: string,
  nonce: Uint8Array,
): Promise<SessionProof> {
  const { bundle, keyHash, signing } = identity.keys;
  const message = sessionMessage({ circleId: identity.roster.circleId, origin, nonce, keyHash });
  return { bundle, signature: await sign(signing, message) };
}
