import { RelayError } from '@relay/protocol/wire';
import type { Request, RequestHandler } from 'express';
import type { Account, OpenAccount } from '../limits/accounts.ts';

declare global {
  namespace Express {
    interface Request {
      /** Who pays for it. */
      account?: Account;
    }
  }
}

/** Opens the account of each request. */
export function accountGuard(open: OpenAccount): RequestHandler {
  return (request, _response, next) => {
    request.account = open(request);
    next();
  };
}

/** The account that {@link accountGuard} opened. */
export function accountOf(request: Request): Account {
  if (!request.account) throw new RelayError('internal', 'a route stands before the guard of accounts');
  return request.account;
}
