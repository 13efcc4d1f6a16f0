import type { Bytes } from '@relay/protocol/wire';
import { hex, isRelayError, RelayError } from '@relay/protocol/wire';
import type { Limiter } from '../limits/limiter.ts';
import type { Logger } from '../log.ts';
import { describeFault } from '../log.ts';
import type { Now } from '../time.ts';
import { MINUTE_MS } from '../time.ts';
import type { TurnCredentials, TurnServer } from './credentials.ts';
import { mintCredentials } from './credentials.ts';
import type { TurnSecrets } from './secrets.ts';
import { readSecrets } from './secrets-file.ts';

/** Credentials for the circle's TURN server. */
export type TurnService = ReturnType<typeof createTurnService>;

/** What the service needs. */
export interface TurnParts {
  /** Counts what each member gets. */
  limiter: Pick<Limiter, 'take'>;
  /** Path of the secrets; undefined where there is no TURN server. */
  secretsFile: string | undefined;
  server: TurnServer;
  log: Logger;
  now: Now;
}

/** Makes the service. */
export function createTurnService({ limiter, secretsFile, server, log, now }: TurnParts) {
  let reportedAt = Number.NEGATIVE_INFINITY;

  // Read each time: after a rotation every process uses the new secret when its time comes.
  async function read(path: string): Promise<TurnSecrets> {
    try {
      return await readSecrets(path);
    } catch (error) {
      if (!isRelayError(error)) throw error;
      if (now() - reportedAt >= MINUTE_MS) {
        reportedAt = now();
        const { fault, code } = describeFault(error.cause);
        log.warn({ fault, code }, 'the TURN secrets cannot be read');
      }
      // The path is nothing to a member.
      throw new RelayError('turn_unavailable', undefined, { cause: error });
    }
  }

  return {
    /**
     * Credentials for a member whose session was proven.
     * @param member key hash, 32 bytes
     * @param token of the session, 32 bytes
     * @throws RelayError `turn_unavailable`, `rate_limited`
     */
    async issue(member: Bytes, token: Bytes | undefined): Promise<TurnCredentials> {
      if (secretsFile === undefined || token === undefined) throw new RelayError('turn_unavailable');
      const secrets = await read(secretsFile);
      limiter.take(hex(member));
      return mintCredentials(server, secrets, token, now());
    },
  };
}
