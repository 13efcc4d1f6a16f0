import {
  b64,
  CHALLENGE_SECONDS,
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
import { proveSession } from './proof.ts';
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
 * Proves the session that a request shows; its member pays for the request from now on.
 * @throws RelayError `unauthenticated`, `rate_limited`
 */
export function authenticateRequest(sessions: SessionService, request: Request): Promise<Session> {
  return proveSession(accountOf(request), sessions, readAuthorization(request, SESSION_SCHEME));
}
