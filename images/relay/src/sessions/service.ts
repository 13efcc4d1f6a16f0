import type { Bytes, sessionRequest } from '@relay/protocol/wire';
import {
  CHALLENGE_SECONDS,
  HASH_BYTES,
  keyHashOf,
  PROTOCOL_VERSION,
  RelayError,
  SESSION_SECONDS,
  verifySessionProof,
} from '@relay/protocol/wire';
import type { z } from 'zod';
import { isMissingMember } from '../database/faults.ts';
import { hashSecret } from '../hash.ts';
import type { Now } from '../time.ts';
import { currentMinute, expiryMinute, MINUTE_MS } from '../time.ts';
import type { SessionRepository } from './repository.ts';

/** Who is asking. */
export interface Session {
  /** The key that was proven, and the mailbox that goes with it, 32 bytes. */
  keyHash: Bytes;
  /** Names the session inside the relay, 32 bytes. */
  tokenHash: Bytes;
  /** Milliseconds from the Unix epoch. */
  endsAt: number;
}

/** Sessions by challenge and response (SPEC.md §12). */
export type SessionService = ReturnType<typeof createSessionService>;

/** What the sessions need. */
export interface SessionParts {
  repository: SessionRepository;
  /** Origins that a proof may name. */
  publicUrls: readonly string[];
  now: Now;
  randomBytes(n: number): Bytes;
}

/** Stands in where there is no circle, so that an unseeded relay does the same work. No circle has this id. */
const NO_CIRCLE = new Uint8Array(HASH_BYTES);

/** Makes the service. Its methods throw RelayErrors and errors of the database. */
export function createSessionService({ repository, publicUrls, now, randomBytes }: SessionParts) {
  return {
    /** A fresh nonce of 32 bytes. */
    async challenge(): Promise<Bytes> {
      const nonce = randomBytes(HASH_BYTES);
      await repository.addChallenge(nonce, expiryMinute(now(), CHALLENGE_SECONDS));
      return nonce;
    },

    /**
     * Opens a session for a proof. Checks stand in this order whatever fails, and the nonce is used up by the first.
     * @returns the token, 32 bytes
     * @throws RelayError `protocol_unsupported`, `challenge_invalid`, `origin_mismatch`, or `unauthenticated` for a key that is not
     * allowed as for a bad signature
     */
    async open(request: z.output<typeof sessionRequest>): Promise<Bytes> {
      const { protocol, origin, nonce, bundle, signature } = request;
      if (protocol !== PROTOCOL_VERSION) throw new RelayError('protocol_unsupported');
      if (!(await repository.takeChallenge(nonce, currentMinute(now())))) {
        throw new RelayError('challenge_invalid');
      }
      if (!publicUrls.includes(origin)) throw new RelayError('origin_mismatch');

      const keyHash = await keyHashOf(bundle);
      const [circleId = NO_CIRCLE, isMember] = await Promise.all([
        repository.findCircleId(),
        repository.isMember(keyHash),
      ]);
      const isProven = await verifySessionProof({ circleId, origin, nonce, keyHash }, bundle, signature);
      if (!isMember || !isProven) throw new RelayError('unauthenticated');

      const token = randomBytes(HASH_BYTES);
      const session = {
        tokenHash: hashSecret(token),
        keyHash,
        expiryMinute: expiryMinute(now(), SESSION_SECONDS),
      };
      await repository.addSession(session).catch((error: unknown) => {
        throw isMissingMember(error) ? new RelayError('unauthenticated') : error;
      });
      return token;
    },

    /**
     * The one check of who is asking, for HTTP and socket alike.
     * @param token 32 bytes; undefined when none was sent or it was malformed
     * @throws RelayError `unauthenticated`
     */
    async authenticate(token: Bytes | undefined): Promise<Session> {
      if (token === undefined) throw new RelayError('unauthenticated');
      const found = await repository.findSession(hashSecret(token), currentMinute(now()));
      if (!found) throw new RelayError('unauthenticated');
      return { keyHash: found.keyHash, tokenHash: found.tokenHash, endsAt: found.expiryMinute * MINUTE_MS };
    },

    /** Ends all sessions of a key that a session proved (32 bytes), that one too. */
    endAll(keyHash: Bytes): Promise<void> {
      return repository.removeSessions(keyHash);
    },
  };
}
