/** Faults as the UI shows them. */
import type { ErrorCode } from '@relay/protocol';
import { ERROR_MESSAGES, RelayError } from '@relay/protocol';
import type { Fault } from './model.ts';

/** A closed code, with its own words unless there are better ones. */
export function faultOf(code: ErrorCode, message: string = ERROR_MESSAGES[code]): Fault {
  return { code, message };
}

/** Whatever was thrown. */
export function asFault(error: unknown): Fault {
  return error instanceof RelayError
    ? faultOf(error.code, error.message)
    : faultOf('internal', 'The client met an unexpected fault. Reload the page.');
}
