/** Which faults end the attempts to send something, and how long to wait after the others. */
import type { ErrorCode } from '@relay/protocol';
import { isRelayError, RelayError } from '@relay/protocol';

const FINAL: readonly ErrorCode[] = [
  'recipient_unknown',
  'blob_conflict',
  'bad_request',
  'payload_too_large',
  'record_time',
  'record_invalid',
  'file_changed',
];

/** Whether it will not be taken, however often it is offered. */
export function isFinal(error: unknown): error is RelayError {
  return isRelayError(error) && FINAL.includes(error.code);
}

/**
 * How long to wait before a fault that may pass is tried again, in milliseconds.
 * @param least unless the relay asked for more
 */
export function retryMs(error: unknown, least: number): number {
  const asked = error instanceof RelayError ? (error.retryAfter ?? 0) * 1_000 : 0;
  return Math.max(least, asked);
}
