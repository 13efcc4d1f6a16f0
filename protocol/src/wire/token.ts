/** Blind tokens (SPEC.md §22): what both ends know of them, and what an issuer does. */
import type { Bytes } from './bytes.ts';
import { concat, lp, readU32, u32 } from './bytes.ts';
import { RelayError } from './errors.ts';
import { split } from './frames.ts';
import { HASH_BYTES, TOKEN_BATCH, TOKEN_BYTES, TOKEN_ELEMENT_BYTES, TOKEN_OUTPUT_BYTES } from './limits.ts';
import { sha256 } from './primitives.ts';
import type { OprfKeyPair } from './voprf.ts';
import { evaluateBlinded, isOutput } from './voprf.ts';

/** The right to buy one ticket. It names nobody. */
export interface Token {
  /** Of the issuer key that it was drawn under. */
  epoch: number;
  /** Chosen by whoever drew it, 32 bytes; the issuer sees it for the first time when it is spent. */
  nonce: Bytes;
  /** The issuer's function of the nonce, 64 bytes. */
  output: Bytes;
}

/** The public half of an issuer key. */
export interface IssuerKey {
  /** The hour, counted from the Unix epoch, in which it was made; higher than that of every key before. */
  epoch: number;
  /** 32 bytes. */
  publicKey: Uint8Array;
}

/** Encodes a token, 100 bytes. */
export function encodeToken({ epoch, nonce, output }: Token): Bytes {
  return concat(u32(epoch), nonce, output);
}

/**
 * Reads a token.
 * @throws RelayError `token_invalid` unless it is 100 bytes
 */
export function decodeToken(bytes: Uint8Array): Token {
  if (bytes.length !== TOKEN_BYTES) throw new RelayError('token_invalid');
  const outputAt = 4 + HASH_BYTES;
  return {
    epoch: readU32(bytes),
    nonce: Uint8Array.from(bytes.subarray(4, outputAt)),
    output: Uint8Array.from(bytes.subarray(outputAt)),
  };
}

/** Input of the pseudorandom function for a token's nonce (32 bytes). */
export function tokenInput(nonce: Uint8Array): Bytes {
  return lp('relay/1 token', nonce);
}

/** What names an issuer key inside sealed messages, 32 bytes. */
export function issuerKeyHash({ epoch, publicKey }: IssuerKey): Promise<Bytes> {
  return sha256(lp('relay/1 issuer key', u32(epoch), publicKey));
}

/**
 * Reads the blinded elements of one draw.
 * @returns 64 elements of 32 bytes
 * @throws RelayError `bad_request` for another number
 */
export function decodeDraw(bytes: Uint8Array): Bytes[] {
  return split(bytes, TOKEN_ELEMENT_BYTES, TOKEN_BATCH, TOKEN_BATCH, 'blinded elements');
}

/**
 * Reads evaluated elements, as {@link decodeDraw}.
 * @throws RelayError `bad_request`
 */
export const decodeEvaluated = decodeDraw;

/**
 * Issues a batch: evaluates 64 blinded elements.
 * @returns 64 elements, joined (2,048 bytes), and the proof that all were evaluated with this one key (64 bytes)
 * @throws RelayError `bad_request` when one is no element
 */
export function issueBatch(
  key: OprfKeyPair,
  blinded: readonly Uint8Array[],
): { evaluated: Bytes; proof: Bytes } {
  try {
    const { evaluated, proof } = evaluateBlinded(key, blinded);
    return { evaluated: concat(...evaluated), proof };
  } catch (cause) {
    throw new RelayError('bad_request', 'A blinded element is malformed.', { cause });
  }
}

/** Whether a token was issued under `secret` (32 bytes). */
export function isIssued(secret: Uint8Array, { nonce, output }: Token): boolean {
  return output.length === TOKEN_OUTPUT_BYTES && isOutput(secret, tokenInput(nonce), output);
}
