import { RelayError } from '@relay/protocol/wire';
import cors from 'cors';
import type { RequestHandler } from 'express';

/**
 * Refuses web pages of foreign origins. Programs that are no web page send no `Origin` and are none of its business.
 * @param origin the `Origin` header
 * @throws RelayError `origin_refused`
 */
export function checkOrigin(origin: string | undefined, allowed: readonly string[]): void {
  if (origin !== undefined && !allowed.includes(origin)) throw new RelayError('origin_refused');
}

/** {@link checkOrigin} for requests, and the CORS headers for the origins that may. */
export function originGuard(allowed: readonly string[]): RequestHandler[] {
  return [
    (request, _response, next) => {
      checkOrigin(request.headers.origin, allowed);
      next();
    },
    cors({
      origin: [...allowed],
      methods: ['GET', 'POST'],
      allowedHeaders: ['Authorization', 'Content-Type'],
      exposedHeaders: ['Retry-After'],
      maxAge: 600,
    }),
  ];
}
