import {
  b64,
  ROUTES,
  SESSION_SCHEME,
  TICKET_BLOBS,
  TICKET_SECONDS,
  TOKEN_BYTES,
  TOKEN_SCHEME,
  ticketRequest,
} from '@relay/protocol/wire';
import type { Express } from 'express';
import { readAuthorization } from '../http/authorization.ts';
import { readJson } from '../http/body.ts';
import { authenticateRequest } from '../sessions/routes.ts';
import type { SessionService } from '../sessions/service.ts';
import type { TicketService } from './service.ts';

/** Adds `POST /v1/tickets`. */
export function addTicketRoutes(app: Express, sessions: SessionService, tickets: TicketService): void {
  app.post(ROUTES.tickets, async (request, response) => {
    const isSession = (request.headers.authorization ?? '').startsWith(`${SESSION_SCHEME} `);
    if (isSession) await authenticateRequest(sessions, request);
    const token = readAuthorization(request, TOKEN_SCHEME, TOKEN_BYTES);
    const { recipient } = await readJson(request, ticketRequest);
    const sold = isSession ? tickets.buy(recipient) : tickets.buyByToken(recipient, token);
    const { ticket, room, capacity } = await sold;
    const answer = { blobs: TICKET_BLOBS, room, capacity, expiresIn: TICKET_SECONDS };
    response.json({ ticket: b64(ticket), ...answer });
  });
}
