/** Drawing blind tokens (SPEC.md §22): the member's half. */
import type { Bytes } from './wire/bytes.ts';
import { concat } from './wire/bytes.ts';
import { RelayError } from './wire/errors.ts';
import { HASH_BYTES, TOKEN_BATCH } from './wire/limits.ts';
import { randomBytes } from './wire/primitives.ts';
import type { IssuerKey, Token } from './wire/token.ts';
import { decodeEvaluated, tokenInput } from './wire/token.ts';
import type { Blinded } from './wire/voprf.ts';
import { blindInput, finalizeOutputs } from './wire/voprf.ts';

/** A batch that was begun. */
export interface Draw {
  /** For the issuer: 64 elements, 2,048 bytes. They tell nothing of the tokens. */
  request: Bytes;
  /** Stays here. */
  items: readonly (Blinded & { nonce: Bytes })[];
}

/** Begins a batch of 64 tokens with fresh nonces. */
export function beginDraw(): Draw {
  const items = Array.from({ length: TOKEN_BATCH }, () => {
    const nonce = randomBytes(HASH_BYTES);
    return { nonce, ...blindInput(tokenInput(nonce)) };
  });
  return { request: concat(...items.map(({ blinded }) => blinded)), items };
}

/**
 * Makes the tokens of an issuer's answer.
 * @param key the key that the issuer is known by: an answer that was made with any other is refused
 * @param evaluated 2,048 bytes
 * @param proof 64 bytes
 * @throws RelayError `issuer_key`
 */
export function finishDraw(
  { epoch, publicKey }: IssuerKey,
  { items }: Draw,
  evaluated: Uint8Array,
  proof: Uint8Array,
): Token[] {
  try {
    const outputs = finalizeOutputs(publicKey, items, { evaluated: decodeEvaluated(evaluated), proof });
    return items.map(({ nonce }, i) => ({ epoch, nonce, output: outputs[i] as Bytes }));
  } catch (cause) {
    throw new RelayError('issuer_key', undefined, { cause });
  }
}
