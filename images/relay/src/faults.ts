import { isRelayError, RelayError } from '@relay/protocol/wire';
import { isDatabaseAway } from './database/faults.ts';
import type { Logger } from './log.ts';
import { describeFault } from './log.ts';
import type { Now } from './time.ts';

/** Turns whatever was thrown into an error of the closed set. Both adapters answer with what this returns. */
export type Faults = (error: unknown) => RelayError;

/** Seconds after which a client may find the database back. */
const RETRY_AFTER = 2;
const REPEAT_MS = 60_000;

/**
 * Makes the one place where faults become answers: a {@link RelayError} stays what it is, a database that is away is `unavailable`,
 * and anything else is `internal` and logged. A fault of the database is logged once a minute, however many requests meet it.
 */
export function createFaults(log: Logger, now: Now): Faults {
  const logged = new Map<string, number>();
  return (error) => {
    if (isRelayError(error)) return error;
    const description = describeFault(error);
    if (!isDatabaseAway(error)) {
      log.error(description, 'internal fault');
      return new RelayError('internal', undefined, { cause: error });
    }
    const kind = description.code ?? description.fault;
    if (now() - (logged.get(kind) ?? Number.NEGATIVE_INFINITY) >= REPEAT_MS) {
      logged.set(kind, now());
      log.warn({ fault: description.fault, code: description.code }, 'the database cannot serve');
    }
    return new RelayError('unavailable', undefined, { cause: error, retryAfter: RETRY_AFTER });
  };
}
