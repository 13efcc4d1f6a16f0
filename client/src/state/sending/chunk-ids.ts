import { isRelayError, MAX_CIRCLE_SECRETS } from '@relay/protocol';
import type { OpenFileRequest } from '../../crypto/files.ts';
import type { VaultClient } from '../../crypto/spawn.ts';

/**
 * Ids that the chunks of a file may have at the relay: under each circle secret, since a file may have been sealed before the last roster
 * updates.
 * @returns hexadecimal blob ids
 */
export async function chunkIdsOf(
  vault: Pick<VaultClient, 'fileBlobs'>,
  request: Omit<OpenFileRequest, 'generation'>,
): Promise<string[]> {
  const ids: string[] = [];
  for (let generation = 0; generation < MAX_CIRCLE_SECRETS; generation++) {
    try {
      ids.push(...(await vault.fileBlobs({ ...request, generation })).map(({ id }) => id));
    } catch (error) {
      // There was no circle secret that old.
      if (isRelayError(error, 'recipient_unknown')) break;
      throw error;
    }
  }
  return ids;
}
