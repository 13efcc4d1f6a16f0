import {
  b64,
  ROUTES,
  TICKET_BLOBS,
  TICKET_SECONDS,
  TOKEN_BYTES,
  TOKEN_SCHEME,
  ticketRequest,
} from '@relay/protocol/wire';
import type { Express } from 'express';
import { accountOf } from '../http/account.ts';
import { readAuthorization } from '../http/authorization.ts';
import { readJson } from '../http/body.ts';
import type { TicketService } from './service.ts';

/** Adds `POST /v1/tickets`. */
export function addTicketRoutes(app: Express, tickets: TicketService): void {
  app.post(ROUTES.tickets, async (request, response) => {
    const token = readAuthorization(request, TOKEN_SCHEME, TOKEN_BYTES);
    const { recipient } = await readJson(request, ticketRequest);
    const { ticket, room, capacity } = await tickets.buy(recipient, token);
    // A good token was counted when it was drawn.
    accountOf(request).waive();
    const answer = { blobs: TICKET_BLOBS, room, capacity, expiresIn: TICKET_SECONDS };
    response.json({ ticket: b64(ticket), ...answer });
  });
}
