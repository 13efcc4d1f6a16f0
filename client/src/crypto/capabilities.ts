/** The rights to blobs that this member made for others (SPEC.md §11). */
import { capabilitiesOf, fromHex } from '@relay/protocol';
import type { OpenCircle } from './open-circle.ts';
import { sendingPair } from './open-circle.ts';

/** Blobs that this member made for one other. */
export interface CapabilityRequest {
  /** Hexadecimal key hash of the recipient. */
  peer: string;
  /** Hexadecimal blob ids. */
  ids: readonly string[];
}

/** The right to read a blob, or to delete it. */
export interface BlobCapability {
  /** Hexadecimal blob id. */
  id: string;
  /** 32 bytes. */
  secret: Uint8Array;
}

/** See `Vault.deleteCapabilities` and `Vault.readCapabilities`. */
export async function capabilitiesFor(
  circle: OpenCircle,
  requests: readonly CapabilityRequest[],
  secret: 'readSecret' | 'deleteSecret',
): Promise<BlobCapability[]> {
  const wanted = requests.flatMap(({ peer, ids }) => ids.map((id) => ({ peer, id })));
  const found = await Promise.all(
    wanted.map(async ({ peer, id }) => {
      const blobId = fromHex(id);
      const pair = await sendingPair(circle, peer, blobId);
      return pair === undefined ? [] : [{ id, secret: (await capabilitiesOf(pair, blobId))[secret] }];
    }),
  );
  return found.flat();
}
