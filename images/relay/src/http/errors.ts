import type { ErrorCode } from '@relay/protocol/wire';
import { RelayError } from '@relay/protocol/wire';
import type { ErrorRequestHandler } from 'express';
import type { Faults } from '../faults.ts';
import type { Refusals } from './refusals.ts';

/** The status of every code that HTTP can answer (SPEC.md §17). */
export const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  bad_request: 400,
  protocol_unsupported: 400,
  unauthenticated: 401,
  challenge_invalid: 401,
  origin_mismatch: 401,
  ticket_invalid: 401,
  token_invalid: 401,
  origin_refused: 403,
  not_found: 404,
  recipient_unknown: 404,
  blob_conflict: 409,
  token_spent: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
  turn_unavailable: 503,
  mailbox_full: 507,
};

const RETRY_AFTER = 2;

/** The one place that answers with an error. A response that has begun is cut, which its reader notices. */
export function errorHandler(faults: Faults, refusals: Refusals): ErrorRequestHandler {
  return (thrown, _request, response, _next) => {
    if (response.closed || response.headersSent) {
      if (!response.closed) faults(thrown);
      response.destroy();
      return;
    }
    const error = faults(isClientFault(thrown) ? new RelayError('bad_request') : thrown);
    const { code, message } = error;
    if (code === 'unavailable' || code === 'rate_limited') {
      response.set('Retry-After', String(error.retryAfter ?? RETRY_AFTER));
    }
    const answer = () =>
      response
        .status(STATUS[code] ?? 500)
        .type('application/json')
        .send(JSON.stringify({ error: { code, message } }));
    if (code === 'rate_limited') refusals.hold(response, answer);
    else answer();
  };
}

/** Express says so of a request whose path or headers it cannot read. */
function isClientFault(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 400;
}
