/** Message blobs that no client would make: authentic, with a wrong inside. */
import type { Identity, Pair, SealedBlob } from '../../src/index.ts';
import {
  BLOB_KIND,
  concat,
  encodeCbor,
  lp,
  makeBlobId,
  maskKey,
  platformHpke,
  randomBytes,
  sign,
  u32,
} from '../../src/index.ts';
import { keyStream, xor } from '../../src/symmetric.ts';

/** What differs from a proper blob. */
export interface Shaping {
  /** The signed body; without records unless given. */
  body?: Uint8Array;
  /** The length that the plaintext claims. */
  bodyLength?: number;
  /** The byte that fills the plaintext; 0 unless given. */
  padding?: number;
  /** Who signs; the sender unless given. */
  signer?: Identity;
  /** Whether to leave the encapsulated key as HPKE made it. */
  unmasked?: boolean;
}

/** Seals to the pair's peer under an id of the given salt (8 bytes). */
export async function sealShaped(
  pair: Pair,
  shape: Shaping,
  salt: Uint8Array = randomBytes(8),
): Promise<SealedBlob> {
  const { circleId } = pair.self.roster;
  const { sender, recipient } = pair.outgoing;
  const id = await makeBlobId(pair.outgoing, BLOB_KIND.message, salt);
  const context = [Uint8Array.of(1), circleId, sender, recipient, id];
  const body = shape.body ?? encodeCbor({ records: [], roster: [1, new Uint8Array(32)] });
  const signer = (shape.signer ?? pair.self).keys.signing;
  const signature = await sign(signer, lp('relay/1 body', ...context, body));
  const plaintext = new Uint8Array(64_400).fill(shape.padding ?? 0);
  plaintext.set(concat(signature, u32(shape.bodyLength ?? body.length), body));
  const hpke = await platformHpke();
  const { enc, ct } = await hpke.seal(pair.peerSealingKey, lp('relay/1 message', ...context), plaintext);
  const mask = await keyStream(await maskKey(pair, pair.outgoing, id), 1_120);
  return { id, blob: concat(shape.unmasked === true ? enc : xor(enc, mask), ct) };
}
