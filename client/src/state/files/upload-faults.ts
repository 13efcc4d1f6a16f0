/** What becomes of an upload after a fault. */
import type { ErrorCode } from '@relay/protocol';
import { isRelayError, RelayError } from '@relay/protocol';

/** How soon a fault that may pass is tried again, in milliseconds. */
const RETRY_MS = 5_000;

const FINAL: readonly ErrorCode[] = [
  'recipient_unknown',
  'blob_conflict',
  'bad_request',
  'payload_too_large',
  'record_time',
  'record_invalid',
  'file_changed',
];

/** Whether the file will not be taken, however often it is offered. */
export function isFinal(error: unknown): boolean {
  return isRelayError(error) && FINAL.includes(error.code);
}

/** How long to wait before a fault that may pass is tried again, in milliseconds. */
export function retryMs(error: unknown): number {
  const asked = error instanceof RelayError ? (error.retryAfter ?? 0) * 1_000 : 0;
  return Math.max(RETRY_MS, asked);
}
