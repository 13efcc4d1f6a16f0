import { ROUTES, SESSION_SCHEME } from '@relay/protocol/wire';
import type { Express } from 'express';
import { readAuthorization } from '../http/authorization.ts';
import { authenticateRequest } from '../sessions/routes.ts';
import type { SessionService } from '../sessions/service.ts';
import type { TurnService } from './service.ts';

/** Adds `POST /v1/turn`. */
export function addTurnRoutes(app: Express, sessions: SessionService, turn: TurnService): void {
  app.post(ROUTES.turn, async (request, response) => {
    const { keyHash } = await authenticateRequest(sessions, request);
    const credentials = await turn.issue(keyHash, readAuthorization(request, SESSION_SCHEME));
    response.json(credentials);
  });
}
