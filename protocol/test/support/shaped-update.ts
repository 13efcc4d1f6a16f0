/** Roster updates that nobody's admin would make: authentic, with a wrong inside. */
import type { Bytes, Identity } from '../../src/index.ts';
import { concat, lp, MAX_MEMBERS, platformHpke, randomBytes, u32 } from '../../src/index.ts';
import { publicKeysOf } from '../../src/keys.ts';
import { encryptOnce } from '../../src/symmetric.ts';

const SLOT_BYTES = 1_200;
const PADDED_BYTES = 131_072 - MAX_MEMBERS * SLOT_BYTES - 16;

/**
 * Seals to one member, in its first slot.
 * @param signedRoster whatever is to be taken for one
 * @param circleSecret 32 bytes
 * @param length that the plaintext claims
 */
export async function sealShapedUpdate(
  { roster, keys }: Identity,
  signedRoster: Uint8Array,
  circleSecret: Uint8Array,
  length: number,
): Promise<Bytes> {
  const hpke = await platformHpke();
  const contentKey = randomBytes(32);
  const key = await hpke.deserializePublicKey(publicKeysOf(keys.bundle).sealing.slice());
  const info = lp('relay/1 roster slot', roster.circleId);
  const { enc, ct } = await hpke.seal(key, info, concat(contentKey, circleSecret));
  const head = concat(enc, ct, randomBytes((MAX_MEMBERS - 1) * SLOT_BYTES));
  const padded = new Uint8Array(PADDED_BYTES);
  padded.set(concat(u32(length), signedRoster));
  return concat(head, await encryptOnce(contentKey, padded, head));
}
