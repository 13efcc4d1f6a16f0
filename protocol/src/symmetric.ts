/** Symmetric operations of the sealing half, all WebCrypto. */
import type { Bytes } from './wire/bytes.ts';
import { asBytes, concat } from './wire/bytes.ts';
import { randomBytes } from './wire/primitives.ts';

/** `n` bytes of HKDF-SHA-256 (RFC 5869). */
export async function hkdf(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, n: number): Promise<Bytes> {
  const key = await importRoot(ikm);
  return expand(key, info, n, salt);
}

/** Imports keying material for repeated {@link expand}. */
export async function importRoot(ikm: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', asBytes(ikm), 'HKDF', false, ['deriveBits']);
}

/** `n` bytes of HKDF-SHA-256 of an imported root, with an empty salt unless one is given. */
export async function expand(
  root: CryptoKey,
  info: Uint8Array,
  n: number,
  salt: Uint8Array = new Uint8Array(),
): Promise<Bytes> {
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: asBytes(salt), info: asBytes(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, root, 8 * n));
}

/** Imports a key for {@link hmac}. */
export async function importHmacKey(bytes: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', asBytes(bytes), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

/** HMAC-SHA-256 (RFC 2104), 32 bytes. */
export async function hmac(key: CryptoKey, message: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, asBytes(message)));
}

const NO_NONCE = new Uint8Array(12);

async function gcmKey(key: Uint8Array, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', asBytes(key), 'AES-GCM', false, [use]);
}

/**
 * AES-256-GCM under a key that encrypts this one message and no other, hence the fixed nonce of zeros.
 * @returns ciphertext and tag, 16 bytes more than the plaintext
 */
export async function encryptOnce(
  key: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array = new Uint8Array(),
): Promise<Bytes> {
  const algorithm = { name: 'AES-GCM', iv: NO_NONCE, additionalData: asBytes(aad) };
  return new Uint8Array(
    await crypto.subtle.encrypt(algorithm, await gcmKey(key, 'encrypt'), asBytes(plaintext)),
  );
}

/** Opens {@link encryptOnce}; rejects when anything was changed. */
export async function decryptOnce(
  key: Uint8Array,
  ciphertext: Uint8Array,
  aad: Uint8Array = new Uint8Array(),
): Promise<Bytes> {
  const algorithm = { name: 'AES-GCM', iv: NO_NONCE, additionalData: asBytes(aad) };
  return new Uint8Array(
    await crypto.subtle.decrypt(algorithm, await gcmKey(key, 'decrypt'), asBytes(ciphertext)),
  );
}

/** The first `n` bytes of the AES-256-CTR key stream from a zero counter. */
export async function keyStream(key: Uint8Array, n: number): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', asBytes(key), 'AES-CTR', false, ['encrypt']);
  const algorithm = { name: 'AES-CTR', counter: new Uint8Array(16), length: 64 };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, imported, new Uint8Array(n)));
}

/** Bytewise exclusive or of two arrays of one length. */
export function xor(a: Uint8Array, b: Uint8Array): Bytes {
  const out = new Uint8Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) ^ (b[i] as number);
  return out;
}

/** Imports the AES-256-GCM key of a member's local store. */
export async function importStorageKey(bytes: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', asBytes(bytes), 'AES-GCM', false, ['encrypt', 'decrypt']);
}

const STORAGE_NONCE_BYTES = 12;

/** Seals bytes for the local store: random nonce (12) ‖ AES-256-GCM ciphertext and tag. */
export async function sealLocal(key: CryptoKey, plaintext: Uint8Array): Promise<Bytes> {
  const iv = randomBytes(STORAGE_NONCE_BYTES);
  return concat(
    iv,
    new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, asBytes(plaintext))),
  );
}

/** Opens {@link sealLocal}; rejects when anything was changed. */
export async function openLocal(key: CryptoKey, sealed: Uint8Array): Promise<Bytes> {
  const iv = sealed.slice(0, STORAGE_NONCE_BYTES);
  return new Uint8Array(
    await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed.slice(STORAGE_NONCE_BYTES)),
  );
}

/** A secret that lies in memory only as ciphertext, under a key that cannot be exported and encrypts nothing else. */
export interface KeptSecret {
  /** AES-256-GCM. */
  key: CryptoKey;
  sealed: Bytes;
}

/** Keeps a secret for {@link releaseSecret}. The caller may erase its own copy. */
export async function keepSecret(secret: Uint8Array): Promise<KeptSecret> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const algorithm = { name: 'AES-GCM', iv: NO_NONCE };
  return { key, sealed: new Uint8Array(await crypto.subtle.encrypt(algorithm, key, asBytes(secret))) };
}

/** A copy of a kept secret, for the caller to erase. */
export async function releaseSecret({ key, sealed }: KeptSecret): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: NO_NONCE }, key, sealed));
}
