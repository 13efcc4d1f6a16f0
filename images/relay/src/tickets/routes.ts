import { b64, ROUTES, TICKET_BLOBS, TICKET_SECONDS, ticketRequest } from '@relay/protocol/wire';
import type { Express } from 'express';
import { readJson } from '../http/body.ts';
import { authenticateRequest } from '../sessions/routes.ts';
import type { SessionService } from '../sessions/service.ts';
import type { TicketService } from './service.ts';

/** Adds `POST /v1/tickets`. */
export function addTicketRoutes(app: Express, sessions: SessionService, tickets: TicketService): void {
  app.post(ROUTES.tickets, async (request, response) => {
    await authenticateRequest(sessions, request);
    const { recipient } = await readJson(request, ticketRequest);
    const { ticket, room, capacity } = await tickets.buy(recipient);
    const answer = { blobs: TICKET_BLOBS, room, capacity, expiresIn: TICKET_SECONDS };
    response.json({ ticket: b64(ticket), ...answer });
  });
}
