import type { Bytes } from '@relay/protocol/wire';
import { decodeDraw, decodeToken, RelayError } from '@relay/protocol/wire';
import { hashSecret } from '../hash.ts';
import type { DrawCount } from './draw-count.ts';
import type { IssuerKeys } from './keys.ts';
import { endOf } from './keys.ts';
import type { Oprf } from './oprf.ts';

/** Blind tokens (SPEC.md §22). */
export type TokenService = ReturnType<typeof createTokenService>;

/** What the tokens need. */
export interface TokenParts {
  keys: IssuerKeys;
  count: DrawCount;
  oprf: Oprf;
}

/** A token that holds, as it is recorded when it is spent. */
export interface SoundToken {
  epoch: number;
  /** SHA-256 of its nonce, 32 bytes. */
  nonceHash: Bytes;
}

/** Makes the service. Its methods throw RelayErrors and errors of the database. */
export function createTokenService({ keys, count, oprf }: TokenParts) {
  return {
    /** The public halves of the keys whose tokens can be spent, newest first. */
    async listKeys(): Promise<{ epoch: number; publicKey: Bytes; ends: number }[]> {
      const live = await keys.list();
      return live.map(({ epoch, publicKey }) => ({ epoch, publicKey, ends: endOf(epoch) }));
    },

    /**
     * Issues a batch for a member.
     * @param member key hash, 32 bytes
     * @param request 64 blinded elements, 2,048 bytes
     * @returns the key in use, 2,048 bytes of evaluated elements and the proof
     * @throws RelayError `rate_limited`, `bad_request`
     */
    async draw(member: Bytes, request: Uint8Array) {
      const blinded = decodeDraw(request);
      const [key] = await keys.list();
      await count.take(member);
      const { evaluated, proof } = await oprf.issue(key, blinded);
      return { epoch: key.epoch, publicKey: key.publicKey, evaluated, proof };
    },

    /**
     * Checks that a token was issued here, under a key that has not ended. Whether it was spent is not looked at.
     * @param token 100 bytes; undefined when none was sent or it was malformed
     * @throws RelayError `token_invalid`, the same for every reason
     */
    async check(token: Bytes | undefined): Promise<SoundToken> {
      if (token === undefined) throw new RelayError('token_invalid');
      const decoded = decodeToken(token);
      const secret = await keys.secretOf(decoded.epoch);
      if (secret === undefined || !(await oprf.isIssued(secret, decoded)))
        throw new RelayError('token_invalid');
      return { epoch: decoded.epoch, nonceHash: hashSecret(decoded.nonce) };
    },
  };
}
