/**
 * The one door to cryptographic libraries: HPKE with a hybrid post-quantum KEM (SPEC.md §1), and the age format for
 * passphrases (§2.1) and for streams of an operator's files. Everything else in Relay is WebCrypto.
 */
import {
  Decrypter,
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from 'age-encryption';
import type { Key, KeyPair } from 'hpke';
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_MLKEM768_X25519 } from 'hpke';
import type { Bytes } from './wire/bytes.ts';
import { utf8 } from './wire/bytes.ts';

/** An HPKE key pair; the private half cannot be exported. */
export type SealingKeyPair = KeyPair<Key>;
/** An HPKE public key. */
export type SealingPublicKey = Key;

/** An HPKE ciphertext (RFC 9180 §6.1). */
export interface Sealed {
  /** Encapsulated key, 1,120 bytes. */
  enc: Uint8Array;
  /** Ciphertext and tag. */
  ct: Uint8Array;
}

/** The operations of the one HPKE suite. */
export interface Hpke {
  /** The key pair of 32 bytes of keying material. */
  deriveKeyPair(ikm: Uint8Array): Promise<SealingKeyPair>;
  /** The 1,216 bytes of a public key. */
  serializePublicKey(key: SealingPublicKey): Promise<Uint8Array>;
  /** A public key of 1,216 bytes. Rejects others. */
  deserializePublicKey(bytes: Uint8Array): Promise<SealingPublicKey>;
  /** Seals in base mode with empty associated data. */
  seal(key: SealingPublicKey, info: Uint8Array, plaintext: Uint8Array): Promise<Sealed>;
  /** Opens what {@link seal} made for this pair and `info`; rejects anything else. */
  open(pair: SealingKeyPair, info: Uint8Array, sealed: Sealed): Promise<Uint8Array>;
}

function over(suite: CipherSuite): Hpke {
  return {
    deriveKeyPair: (ikm) => suite.DeriveKeyPair(ikm),
    serializePublicKey: (key) => suite.SerializePublicKey(key),
    deserializePublicKey: (bytes) => suite.DeserializePublicKey(bytes),
    async seal(key, info, plaintext) {
      const { encapsulatedSecret, ciphertext } = await suite.Seal(key, plaintext, { info });
      return { enc: encapsulatedSecret, ct: ciphertext };
    },
    open: (pair, info, { enc, ct }) => suite.Open(pair, enc, ct, { info }),
  };
}

/** HPKE on the platform's own ML-KEM; its operations reject where there is none. */
export function nativeHpke(): Hpke {
  return over(new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_AES_256_GCM));
}

/** The same suite with the KEM in JavaScript, for platforms without ML-KEM. Interoperates with {@link nativeHpke}. */
export async function portableHpke(): Promise<Hpke> {
  const noble = await import('@panva/hpke-noble');
  return over(new CipherSuite(noble.KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_AES_256_GCM));
}

let chosen: Promise<Hpke> | undefined;

async function choose(): Promise<Hpke> {
  const native = nativeHpke();
  try {
    await native.deriveKeyPair(new Uint8Array(32));
    return native;
  } catch {
    return portableHpke();
  }
}

/** The fastest implementation this platform has. The choice depends on the platform alone, so it is made once. */
export function platformHpke(): Promise<Hpke> {
  chosen ??= choose();
  return chosen;
}

const AGE_HEADER = utf8('age-encryption.org/v1');

/** Whether a file is in the age format. */
export function isPassphraseWrapped(file: Uint8Array): boolean {
  return AGE_HEADER.every((byte, i) => file[i] === byte);
}

// The same passphrase is typed as different code points on different systems.
const normal = (passphrase: string) => passphrase.normalize('NFC');

/** Wraps a file under a passphrase (in Unicode form NFC) in the age format (scrypt recipient). */
export async function wrapWithPassphrase(file: Uint8Array, passphrase: string): Promise<Bytes> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(normal(passphrase));
  return (await encrypter.encrypt(file)).slice();
}

/** Unwraps {@link wrapWithPassphrase}. Rejects for a wrong passphrase and for a damaged file alike. */
export async function unwrapWithPassphrase(file: Uint8Array, passphrase: string): Promise<Bytes> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(normal(passphrase));
  return (await decrypter.decrypt(file)).slice();
}

/** What a stream is sealed for: a passphrase, or public keys of age (`age1…`), each of which opens it alone. */
export type StreamLock = { readonly passphrase: string } | { readonly recipients: readonly string[] };
/** What opens a stream: the passphrase, or secret keys of age (`AGE-SECRET-KEY-…`), of which one must fit. */
export type StreamKey = { readonly passphrase: string } | { readonly identities: readonly string[] };

/** A key pair of age, as texts. */
export interface StreamKeyPair {
  /** `AGE-SECRET-KEY-…`; secret. */
  identity: string;
  /** `age1…` */
  recipient: string;
}

/** The key does not open the stream; nothing is known of the rest. */
export class StreamKeyError extends Error {
  override readonly name = 'StreamKeyError';
}

/**
 * Whether a text is a public key that {@link sealStream} takes.
 * @param text `age1…`
 */
export function isStreamRecipient(text: string): boolean {
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a text is a secret key that {@link openStream} takes. */
export function isStreamIdentity(text: string): boolean {
  try {
    new Decrypter().addIdentity(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes a key pair of age.
 * @param isHybrid whether it is to withstand a quantum computer (`age1pq1…`), or to be read by every version of age (`age1…`)
 */
export async function makeStreamKeyPair(isHybrid: boolean): Promise<StreamKeyPair> {
  const identity = await (isHybrid ? generateHybridIdentity() : generateX25519Identity());
  return { identity, recipient: await identityToRecipient(identity) };
}

/**
 * Seals a stream in the age format, at the pace of its reader and with little memory.
 * @throws Error for recipients that {@link isStreamRecipient} refuses
 */
export async function sealStream(
  plain: ReadableStream<Uint8Array>,
  lock: StreamLock,
): Promise<ReadableStream<Uint8Array>> {
  const encrypter = new Encrypter();
  if ('passphrase' in lock) encrypter.setPassphrase(normal(lock.passphrase));
  else for (const recipient of lock.recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(plain);
}

/**
 * Opens {@link sealStream}. What was read is of the sealed stream; only its end, reached without an error, tells that all of it was.
 * @throws StreamKeyError when the key does not fit; the library's error, also while reading, when anything was changed or cut off
 */
export async function openStream(
  sealed: ReadableStream<Uint8Array>,
  key: StreamKey,
): Promise<ReadableStream<Uint8Array>> {
  const decrypter = new Decrypter();
  if ('passphrase' in key) decrypter.addPassphrase(normal(key.passphrase));
  else for (const identity of key.identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(sealed);
  } catch (cause) {
    if (!(cause instanceof Error) || !cause.message.startsWith('no identity matched')) throw cause;
    throw new StreamKeyError('the key does not open this', { cause });
  }
}
