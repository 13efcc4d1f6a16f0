import { RelayError, ROUTES, SESSION_SCHEME } from '@relay/protocol/wire';
import type { Request, RequestHandler, Response } from 'express';
import type { Account, OpenAccount } from '../limits/accounts.ts';
import { workFor } from '../limits/payer.ts';
import { readAuthorization } from './authorization.ts';

declare global {
  namespace Express {
    interface Request {
      /** Who pays for it. */
      account?: Account;
    }
  }
}

/** Opens the account of each request, and works for it from then on. */
export function accountGuard(open: OpenAccount): RequestHandler {
  return (request, response, next) => {
    const account = open(request, readAuthorization(request, SESSION_SCHEME));
    request.account = account;
    response.on('close', account.close);
    workFor(account, next);
  };
}

/** Lets each request wait for its turn, but for uploads, whose bytes wait. Stands after {@link accountGuard}. */
export const turnGuard: RequestHandler = async (request, response, next) => {
  if (request.path !== ROUTES.blobs) await waitForTurn(request, response);
  next();
};

/** Waits for so many turns; throws where nobody waits for the answer any more, or where the wait would be too long. */
export function waitForTurn(request: Request, response: Response, turns = 1): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  return accountOf(request).turn(turns, gone.signal);
}

/** The account that {@link accountGuard} opened. */
export function accountOf(request: Request): Account {
  if (!request.account) throw new RelayError('internal', 'a route stands before the guard of accounts');
  return request.account;
}
