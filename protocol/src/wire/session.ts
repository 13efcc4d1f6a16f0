import type { Bytes } from './bytes.ts';
import { lp } from './bytes.ts';
import { verifySignature } from './primitives.ts';

/** What a session proof covers (SPEC.md §12). */
export interface SessionClaim {
  /** 32 bytes. */
  circleId: Uint8Array;
  /** The origin the client dialled, as text. */
  origin: string;
  /** The relay's nonce, 32 bytes. */
  nonce: Uint8Array;
  /** The key hash that is claimed, 32 bytes. */
  keyHash: Uint8Array;
}

/** The bytes that a session proof signs (SPEC.md §12). */
export function sessionMessage(claim: SessionClaim): Bytes {
  return lp('relay/1 session', claim.circleId, claim.origin, claim.nonce, claim.keyHash);
}

/**
 * Whether `signature` proves `claim` for the signing key inside `bundle` (1,280 bytes, SPEC.md §2). The caller compares the
 * claim's key hash with the bundle's.
 */
export async function verifySessionProof(
  claim: SessionClaim,
  bundle: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  return verifySignature(bundle.subarray(0, 32), signature, sessionMessage(claim));
}
