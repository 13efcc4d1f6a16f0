import { RelayError, ROUTES } from '@relay/protocol/wire';
import type { Express } from 'express';
import express from 'express';
import { addBlobRoutes } from '../blobs/routes.ts';
import type { BlobService } from '../blobs/service.ts';
import type { Faults } from '../faults.ts';
import type { OpenAccount } from '../limits/accounts.ts';
import { addMailboxRoutes } from '../mailbox/routes.ts';
import type { MailboxService } from '../mailbox/service.ts';
import type { RosterRepository } from '../roster/repository.ts';
import { addRosterRoutes } from '../roster/routes.ts';
import { addSessionRoutes } from '../sessions/routes.ts';
import type { SessionService } from '../sessions/service.ts';
import { addTicketRoutes } from '../tickets/routes.ts';
import type { TicketService } from '../tickets/service.ts';
import { addTokenRoutes } from '../tokens/routes.ts';
import type { TokenService } from '../tokens/service.ts';
import { addTurnRoutes } from '../turn/routes.ts';
import type { TurnService } from '../turn/service.ts';
import { accountGuard, turnGuard } from './account.ts';
import { errorHandler } from './errors.ts';
import { originGuard } from './origin.ts';
import type { Refusals } from './refusals.ts';

/** What stands behind the routes. */
export interface AppParts {
  sessions: SessionService;
  tokens: TokenService;
  tickets: TicketService;
  blobs: BlobService;
  mailbox: MailboxService;
  roster: RosterRepository;
  turn: TurnService;
  accounts: OpenAccount;
  refusals: Refusals;
  /** Origins of web pages that may call. */
  webOrigins: readonly string[];
  /** Throws unless the relay can serve. */
  checkReady(): Promise<void>;
  /** Whether the relay is shutting down. */
  isStopping(): boolean;
  faults: Faults;
}

/** Makes the HTTP interface (SPEC.md §13). */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  app.enable('case sensitive routing').enable('strict routing');

  app.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  // Before all refusals: a page of the circle is to read why.
  app.use(originGuard(parts.webOrigins));
  app.use((_request, response, next) => {
    if (!parts.isStopping()) return next();
    response.set('Connection', 'close');
    throw new RelayError('unavailable', 'The relay is stopping. Try again in a moment.');
  });

  app.get(ROUTES.health, (_request, response) => {
    response.status(204).end();
  });
  app.get(ROUTES.ready, async (_request, response) => {
    await parts.checkReady();
    response.status(204).end();
  });
  // What follows costs work, and somebody pays for it.
  app.use(accountGuard(parts.accounts), turnGuard);
  addSessionRoutes(app, parts.sessions);
  addTokenRoutes(app, parts.sessions, parts.tokens);
  addTicketRoutes(app, parts.tickets);
  addBlobRoutes(app, parts.blobs);
  addMailboxRoutes(app, parts.sessions, parts.mailbox);
  addRosterRoutes(app, parts.sessions, parts.roster);
  addTurnRoutes(app, parts.sessions, parts.turn);

  app.use(() => {
    throw new RelayError('not_found');
  });
  app.use(errorHandler(parts.faults, parts.refusals));
  return app;
}
