import {
  b64,
  CHALLENGE_SECONDS,
  isRelayError,
  PROTOCOL_VERSIONS,
  ROUTES,
  SESSION_SCHEME,
  SESSION_SECONDS,
  sessionRequest,
} from '@relay/protocol/wire';
import type { Express, Request } from 'express';
import { accountOf } from '../http/account.ts';
import { readAuthorization } from '../http/authorization.ts';
import { readJson } from '../http/body.ts';
import type { Session, SessionService } from './service.ts';

/** Adds `POST /v1/challenge`, `POST /v1/sessions` and `POST /v1/sessions/end`. */
export function addSessionRoutes(app: Express, sessions: SessionService): void {
  app.post(ROUTES.challenge, async (_request, response) => {
    const nonce = await sessions.challenge();
    response.json({ protocol: PROTOCOL_VERSIONS, nonce: b64(nonce), expiresIn: CHALLENGE_SECONDS });
  });

  app.post(ROUTES.sessions, async (request, response) => {
    const token = await sessions.open(await readJson(request, sessionRequest));
    response.json({ token: b64(token), expiresIn: SESSION_SECONDS });
  });

  app.post(ROUTES.sessionsEnd, async (request, response) => {
    const { keyHash } = await authenticateRequest(sessions, request);
    await sessions.endAll(keyHash);
    response.status(204).end();
  });
}

/**
 * Builds the input of `authenticate` from a request, which its member pays for from now on.
 * @throws RelayError `unauthenticated`, `rate_limited`
 */
export async function authenticateRequest(sessions: SessionService, request: Request): Promise<Session> {
  const token = readAuthorization(request, SESSION_SCHEME);
  if (token !== undefined) accountOf(request).recall(token);
  const session = await sessions.authenticate(token).catch((thrown: unknown) => {
    if (token !== undefined && isRelayError(thrown, 'unauthenticated')) accountOf(request).disown(token);
    throw thrown;
  });
  accountOf(request).chargeMember(session.keyHash, token);
  return session;
}
