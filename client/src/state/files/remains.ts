/** What an upload leaves behind, here and at the relay. */
import { MAX_IDS_PER_REQUEST } from '@relay/protocol';
import type { VaultClient } from '../../crypto/spawn.ts';
import type { UploadRow } from './upload-row.ts';

/** What naming the chunks of an upload needs. */
export type NamingVault = Pick<VaultClient, 'chunkIds'>;

/** Ids (hexadecimal) of the chunks that were sealed, for each recipient (hexadecimal key hash). */
export async function sealedChunks(
  vault: NamingVault,
  { recipients, size, rosterSerial, sealed }: UploadRow,
): Promise<{ member: string; ids: string[] }[]> {
  const chunks = [];
  for (const { member, fileKey } of recipients) {
    const ids = await vault.chunkIds(member, fileKey, size, rosterSerial);
    chunks.push({ member, ids: ids.slice(0, sealed) });
  }
  return chunks;
}

/** What deleting at the relay needs. */
export interface DeletingParts {
  vault: Pick<VaultClient, 'deleteCapabilities'>;
  deleteByCapability(capabilities: readonly { id: string; secret: Uint8Array }[]): Promise<void>;
}

/** Deletes at the relay whatever of these chunks has arrived. @throws RelayError */
export async function deleteChunks(
  { vault, deleteByCapability }: DeletingParts,
  chunks: readonly { member: string; ids: readonly string[] }[],
): Promise<void> {
  for (const { member, ids } of chunks) {
    for (let at = 0; at < ids.length; at += MAX_IDS_PER_REQUEST) {
      const some = ids.slice(at, at + MAX_IDS_PER_REQUEST);
      const capabilities = await vault.deleteCapabilities([{ peer: member, ids: some }]);
      if (capabilities.length > 0) await deleteByCapability(capabilities);
    }
  }
}
