import type { Bytes } from '@relay/protocol/wire';
import { isRelayError } from '@relay/protocol/wire';
import type { Account } from '../limits/accounts.ts';
import type { Session, SessionService } from './service.ts';

/**
 * Proves a session for whatever asks with it, a request or a socket; its member pays from now on.
 * @param account of whoever asks
 * @param token 32 bytes; undefined when none was shown or it was malformed
 * @throws RelayError `unauthenticated`, `rate_limited`
 */
export async function proveSession(
  account: Account,
  sessions: Pick<SessionService, 'authenticate'>,
  token: Bytes | undefined,
): Promise<Session> {
  if (token !== undefined) account.recall(token);
  const session = await sessions.authenticate(token).catch((thrown: unknown) => {
    if (token !== undefined && isRelayError(thrown, 'unauthenticated')) account.disown(token);
    throw thrown;
  });
  account.chargeMember(session.keyHash, token);
  return session;
}
