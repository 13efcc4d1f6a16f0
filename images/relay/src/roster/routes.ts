import { ROUTES } from '@relay/protocol/wire';
import type { Express } from 'express';
import { authenticateRequest } from '../sessions/routes.ts';
import type { SessionService } from '../sessions/service.ts';
import type { RosterRepository } from './repository.ts';

/** Adds `GET /v1/roster-update`. */
export function addRosterRoutes(app: Express, sessions: SessionService, roster: RosterRepository): void {
  app.get(ROUTES.rosterUpdate, async (request, response) => {
    await authenticateRequest(sessions, request);
    const update = await roster.find();
    if (update) response.type('application/octet-stream').send(Buffer.from(update));
    else response.status(204).end();
  });
}
