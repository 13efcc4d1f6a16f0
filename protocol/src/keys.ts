/** The three key pairs of a member (SPEC.md §2). */
import type { SealingKeyPair } from './sealing.ts';
import { platformHpke } from './sealing.ts';
import { hkdf, importStorageKey } from './symmetric.ts';
import type { Bytes } from './wire/bytes.ts';
import { asBytes, concat, equalBytes, fromB64, utf8 } from './wire/bytes.ts';
import { keyHashOf } from './wire/primitives.ts';

/** A member's own keys. The private halves cannot be exported. */
export interface MemberKeys {
  /** Ed25519. */
  signing: CryptoKey;
  /** MLKEM768-X25519. */
  sealing: SealingKeyPair;
  /** X25519. */
  pairing: CryptoKey;
  /** What this member's client keeps on its own machine. */
  local: LocalKeys;
  /** Public bundle, 1,280 bytes. */
  bundle: Bytes;
  /** 32 bytes. */
  keyHash: Bytes;
}

/** Names and seals what a client keeps on the member's own machine. */
export interface LocalKeys {
  /** AES-256-GCM, for encryption and decryption. */
  storage: CryptoKey;
  /** 16 bytes that name this member's store, and nothing else. */
  name: Bytes;
}

/** The public keys inside a bundle. */
export interface PublicKeys {
  /** Ed25519, 32 bytes. */
  signing: Uint8Array;
  /** MLKEM768-X25519, 1,216 bytes. */
  sealing: Uint8Array;
  /** X25519, 32 bytes. */
  pairing: Uint8Array;
}

/** The three keys of a bundle (1,280 bytes), as views. */
export function publicKeysOf(bundle: Uint8Array): PublicKeys {
  return {
    signing: bundle.subarray(0, 32),
    sealing: bundle.subarray(32, 1_248),
    pairing: bundle.subarray(1_248),
  };
}

/** An Ed25519 or X25519 key pair from its 32 secret bytes. */
interface CurveKeyPair {
  privateKey: CryptoKey;
  /** 32 bytes. */
  publicKey: Bytes;
}

// WebCrypto takes the secret of a curve only inside PKCS #8 (RFC 8410 §7): this prefix, then the 32 bytes.
const PKCS8_PREFIX = {
  Ed25519: Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32),
  X25519: Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32),
};

async function curveKeyPair(curve: 'Ed25519' | 'X25519', secret: Uint8Array): Promise<CurveKeyPair> {
  const pkcs8 = concat(PKCS8_PREFIX[curve], secret);
  const uses: KeyUsage[] = curve === 'Ed25519' ? ['sign'] : ['deriveBits'];
  // WebCrypto tells a public key only through the export of an extractable private one.
  const extractable = await crypto.subtle.importKey('pkcs8', pkcs8, curve, true, uses);
  const { x } = await crypto.subtle.exportKey('jwk', extractable);
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, curve, false, uses);
  pkcs8.fill(0);
  return { privateKey, publicKey: fromB64(x as string) };
}

/** The Ed25519 key pair of a 32-byte seed (RFC 8032 §5.1.5). */
export async function signingKeyPair(seed: Uint8Array): Promise<CurveKeyPair> {
  return curveKeyPair('Ed25519', seed);
}

/** An Ed25519 signature, 64 bytes. */
export async function sign(key: CryptoKey, message: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('Ed25519', key, asBytes(message)));
}

/**
 * X25519 (RFC 7748 §6.1), 32 bytes.
 * @throws Error when the result is zero, which only a malicious public key gives
 */
export async function agree(privateKey: CryptoKey, publicKey: Uint8Array): Promise<Bytes> {
  const peer = await crypto.subtle.importKey('raw', asBytes(publicKey), 'X25519', false, []);
  const shared = new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'X25519', public: peer }, privateKey, 256),
  );
  if (equalBytes(shared, new Uint8Array(32))) throw new TypeError('degenerate X25519 public key');
  return shared;
}

/** All keys of a member from its seed of 32 bytes. */
export async function deriveMemberKeys(seed: Uint8Array): Promise<MemberKeys> {
  const derive = (label: string) => hkdf(seed, new Uint8Array(), utf8(label), 32);
  const hpke = await platformHpke();
  const signing = await curveKeyPair('Ed25519', await derive('relay/1 signing key'));
  const sealing = await hpke.deriveKeyPair(await derive('relay/1 sealing key'));
  const pairing = await curveKeyPair('X25519', await derive('relay/1 pairing key'));
  const local = {
    storage: await importStorageKey(await derive('relay/1 local storage key')),
    name: (await derive('relay/1 local storage name')).slice(0, 16),
  };
  const bundle = concat(
    signing.publicKey,
    await hpke.serializePublicKey(sealing.publicKey),
    pairing.publicKey,
  );
  const keyHash = await keyHashOf(bundle);
  return { signing: signing.privateKey, sealing, pairing: pairing.privateKey, local, bundle, keyHash };
}
