import { ROUTES, SESSION_SCHEME } from '@relay/protocol/wire';
import type { Express } from 'express';
import { readAuthorization } from '../http/authorization.ts';
import type { TurnService } from './service.ts';

/** Adds `POST /v1/turn`. */
export function addTurnRoutes(app: Express, turn: TurnService): void {
  app.post(ROUTES.turn, async (request, response) => {
    response.json(await turn.issue(readAuthorization(request, SESSION_SCHEME)));
  });
}
