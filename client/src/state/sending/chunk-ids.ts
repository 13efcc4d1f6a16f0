import { chunkCount, isRelayError, MAX_CIRCLE_SECRETS } from '@relay/protocol';
import type { OpenFileRequest } from '../../crypto/files.ts';
import type { VaultClient } from '../../crypto/spawn.ts';

/** Chunks whose ids are computed at once: what a file is said to measure fills no memory. */
const WINDOW = 1_024;

/**
 * Ids that the chunks of a file may have at the relay: under each circle secret, since a file may have been sealed before the last roster
 * updates.
 * @returns hexadecimal blob ids, some at a time
 */
export async function* chunkIdsOf(
  vault: Pick<VaultClient, 'fileBlobs'>,
  request: Omit<OpenFileRequest, 'generation'>,
): AsyncGenerator<string[]> {
  const count = chunkCount(request.size);
  for (let generation = 0; generation < MAX_CIRCLE_SECRETS; generation++) {
    try {
      for (let from = 0; from < count; from += WINDOW) {
        const to = Math.min(from + WINDOW, count);
        yield (await vault.fileBlobs({ ...request, generation }, from, to)).map(({ id }) => id);
      }
    } catch (error) {
      // There was no circle secret that old.
      if (isRelayError(error, 'recipient_unknown')) break;
      throw error;
    }
  }
}
