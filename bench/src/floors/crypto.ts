import type { Hpke } from '@relay/protocol';
import { BLOB_BYTES, platformHpke, randomBytes } from '@relay/protocol';
import type { BenchCircle } from '../system/circle.ts';

/** Of a message blob: the encapsulated key, the tag, and the plaintext, in bytes (SPEC.md §6). */
const ENC_BYTES = 1_120;
const TAG_BYTES = 16;
const PLAINTEXT_BYTES = BLOB_BYTES - ENC_BYTES - TAG_BYTES;
/** About as long as the `info` of a message. */
const INFO = new Uint8Array(150);
const NONCE = new Uint8Array(12);

/** HPKE as it is, on plaintexts of a message blob's size. */
export async function bareHpke({ toRecipient, recipient }: BenchCircle) {
  const hpke: Hpke = await platformHpke();
  const plaintext = new Uint8Array(PLAINTEXT_BYTES);
  return {
    seal: () => hpke.seal(toRecipient.peerSealingKey, INFO, plaintext),
    open: (sealed: { enc: Uint8Array; ct: Uint8Array }) => hpke.open(recipient.keys.sealing, INFO, sealed),
  };
}

/**
 * AES-256-GCM as it is, under a key that is ready.
 * @param bytes of the plaintext
 */
export async function bareAes(bytes = PLAINTEXT_BYTES) {
  const key = await crypto.subtle.importKey('raw', randomBytes(32), 'AES-GCM', false, ['encrypt', 'decrypt']);
  const plaintext = new Uint8Array(bytes);
  const algorithm = { name: 'AES-GCM', iv: NONCE };
  return {
    seal: () => crypto.subtle.encrypt(algorithm, key, plaintext),
    open: (sealed: ArrayBuffer) => crypto.subtle.decrypt(algorithm, key, sealed),
  };
}
