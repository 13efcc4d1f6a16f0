import { RelayError, SESSION_SCHEME } from '@relay/protocol/wire';
import type { Request, RequestHandler } from 'express';
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

/** The account that {@link accountGuard} opened. */
export function accountOf(request: Request): Account {
  if (!request.account) throw new RelayError('internal', 'a route stands before the guard of accounts');
  return request.account;
}
