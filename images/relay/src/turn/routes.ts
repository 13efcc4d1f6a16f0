import { ROUTES, SESSION_SCHEME } from '@relay/protocol/wire';
import type { Express } from 'express';
import { accountOf } from '../http/account.ts';
import { readAuthorization } from '../http/authorization.ts';
import type { TurnService } from './service.ts';

/** Adds `POST /v1/turn`. */
export function addTurnRoutes(app: Express, turn: TurnService): void {
  app.post(ROUTES.turn, async (request, response) => {
    const credentials = await turn.issue(readAuthorization(request, SESSION_SCHEME));
    accountOf(request).waive();
    response.json(credentials);
  });
}
