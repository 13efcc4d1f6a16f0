import type { Bytes } from '@relay/protocol/wire';
import { RelayError, ROSTER_UPDATE_BYTES } from '@relay/protocol/wire';
import type { AdminStore } from './member-store.ts';

/** More than a roster update has, so that a wrong file is told its size, but not a film's. */
export const UPDATE_FILE_LIMIT = 8 * ROSTER_UPDATE_BYTES;

/**
 * Lets the relay serve a roster update (SPEC.md §16). What is in it only the members can tell.
 * @param update exactly 131,072 bytes
 * @throws RelayError `roster_update_invalid` for another size; `unavailable`
 */
export async function publishRoster(
  store: Pick<AdminStore, 'publishRosterUpdate'>,
  update: Bytes,
): Promise<void> {
  requireRosterUpdate(update);
  await store.publishRosterUpdate(update);
}

/**
 * Checks the one thing that can be checked of a roster update without a member's key: its size.
 * @throws RelayError `roster_update_invalid`
 */
export function requireRosterUpdate(update: Uint8Array): void {
  if (update.length === ROSTER_UPDATE_BYTES) return;
  throw new RelayError(
    'roster_update_invalid',
    `A roster update has exactly ${ROSTER_UPDATE_BYTES} bytes; this file has ${update.length}.`,
  );
}
