/** Operations of published vectors (protocol/vectors/published/): the primitives, as the protocol calls them. */
import type { Bytes } from '../../src/index.ts';
import {
  agree,
  concat,
  equalBytes,
  evaluateBlinded,
  finalizeOutputs,
  fromHex,
  hex,
  isOutput,
  nativeHpke,
  portableHpke,
  sign,
  signingKeyPair,
  utf8,
  verifySignature,
} from '../../src/index.ts';
import { decryptOnce, encryptOnce, hkdf, hmac, importHmacKey, keyStream } from '../../src/symmetric.ts';
import type { Input, Json } from './input.ts';

// RFC 8410 §7: WebCrypto takes the secret of a curve only inside PKCS #8.
const X25519_PKCS8 = fromHex('302e020100300506032b656e04220420');
const AEAD_KEY_BYTES: { [id: number]: number } = { 1: 16, 2: 32, 3: 32 };

/** Whether this platform has ML-KEM of its own. */
export async function hasNativeKem(): Promise<boolean> {
  try {
    await nativeHpke().deriveKeyPair(new Uint8Array(32));
    return true;
  } catch {
    return false;
  }
}

async function implementations() {
  const portable = await portableHpke();
  return (await hasNativeKem()) ? [nativeHpke(), portable] : [portable];
}

async function labeledExtract(
  suite: Bytes,
  salt: Uint8Array,
  label: string,
  ikm: Uint8Array,
): Promise<Bytes> {
  // HMAC pads its key with zeros, so an empty salt is a block of them; WebCrypto refuses an empty key.
  const key = await importHmacKey(salt.length === 0 ? new Uint8Array(32) : salt);
  return hmac(key, concat(utf8('HPKE-v1'), suite, utf8(label), ikm));
}

async function labeledExpand(
  suite: Bytes,
  prk: Bytes,
  label: string,
  info: Bytes,
  n: number,
): Promise<Bytes> {
  const labeled = concat(Uint8Array.of(n >> 8, n & 255), utf8('HPKE-v1'), suite, utf8(label), info);
  return (await hmac(await importHmacKey(prk), concat(labeled, Uint8Array.of(1)))).slice(0, n);
}

/** HPKE's key schedule in base mode with HKDF-SHA256 (RFC 9180 §5.1). */
async function keySchedule(suite: Bytes, sharedSecret: Bytes, info: Bytes) {
  const none = new Uint8Array();
  const context = concat(
    Uint8Array.of(0),
    await labeledExtract(suite, none, 'psk_id_hash', none),
    await labeledExtract(suite, none, 'info_hash', info),
  );
  const secret = await labeledExtract(suite, sharedSecret, 'secret', none);
  const keyBytes = AEAD_KEY_BYTES[suite[9] as number] as number;
  return {
    key: await labeledExpand(suite, secret, 'key', context, keyBytes),
    baseNonce: await labeledExpand(suite, secret, 'base_nonce', context, 12),
  };
}

async function gcm(key: Bytes, nonce: Bytes, plaintext: Bytes, aad = new Uint8Array()): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: aad };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, imported, plaintext));
}

/** By name; inputs and outputs are hexadecimal. */
export const PUBLISHED_OPERATIONS: { [name: string]: (input: Input) => Promise<Json> } = {
  async hkdf(input) {
    const okm = await hkdf(input.hex('ikm'), input.hex('salt'), input.hex('info'), input.number('length'));
    return { okm: hex(okm) };
  },
  async hmac(input) {
    return { mac: hex(await hmac(await importHmacKey(input.hex('key')), input.hex('message'))) };
  },
  async ed25519(input) {
    const { privateKey, publicKey } = await signingKeyPair(input.hex('seed'));
    const message = input.hex('message');
    const signature = await sign(privateKey, message);
    if (!(await verifySignature(publicKey, signature, message))) throw new Error('does not verify');
    return { publicKey: hex(publicKey), signature: hex(signature) };
  },
  async x25519(input) {
    const pkcs8 = concat(X25519_PKCS8, input.hex('privateKey'));
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']);
    return { shared: hex(await agree(key, input.hex('publicKey'))) };
  },
  /** The published proof is checked, and one of our own; both ends must come to the output. */
  async voprf(input) {
    const [secret, publicKey, message] = [input.hex('secret'), input.hex('publicKey'), input.hex('input')];
    const item = { input: message, blind: input.hex('blind'), blinded: input.hex('blinded') };
    const made = evaluateBlinded({ secret, publicKey }, [item.blinded]);
    const { evaluated } = made;
    const [output] = finalizeOutputs(publicKey, [item], { evaluated, proof: input.hex('proof') });
    const [again] = finalizeOutputs(publicKey, [item], made);
    if (output === undefined || again === undefined || !equalBytes(output, again)) throw new Error('differ');
    if (!isOutput(secret, message, output)) throw new Error('the issuer comes to another output');
    return { evaluated: hex(concat(...evaluated)), output: hex(output) };
  },
  async gcm(input) {
    const ct = await gcm(input.hex('key'), input.hex('nonce'), input.hex('plaintext'), input.hex('aad'));
    return { ciphertext: hex(ct) };
  },
  async gcmZeroNonce(input) {
    const [key, plaintext, aad] = [input.hex('key'), input.hex('plaintext'), input.hex('aad')];
    const ciphertext = await encryptOnce(key, plaintext, aad);
    if (!equalBytes(await decryptOnce(key, ciphertext, aad), plaintext)) throw new Error('does not open');
    return { ciphertext: hex(ciphertext) };
  },
  async ctr(input) {
    const key = await crypto.subtle.importKey('raw', input.hex('key'), 'AES-CTR', false, ['encrypt']);
    const algorithm = { name: 'AES-CTR', counter: input.hex('counter'), length: 32 };
    const ciphertext = await crypto.subtle.encrypt(algorithm, key, input.hex('plaintext'));
    return { ciphertext: hex(new Uint8Array(ciphertext)) };
  },
  async keyStream(input) {
    return { stream: hex(await keyStream(input.hex('key'), input.number('length'))) };
  },
  async keySchedule(input) {
    const { key, baseNonce } = await keySchedule(
      input.hex('suite'),
      input.hex('sharedSecret'),
      input.hex('info'),
    );
    return { key: hex(key), baseNonce: hex(baseNonce) };
  },
  async kemDeriveKeyPair(input) {
    const keys = new Set<string>();
    for (const hpke of await implementations()) {
      const { publicKey } = await hpke.deriveKeyPair(input.hex('ikm'));
      keys.add(hex(await hpke.serializePublicKey(publicKey)));
    }
    return { publicKey: [...keys].join(' and ') };
  },
  async kemOpen(input) {
    const info = input.hex('info');
    const suite = concat(utf8('HPKE'), fromHex('647a00010002'));
    const { key, baseNonce } = await keySchedule(suite, input.hex('sharedSecret'), info);
    const plaintext = utf8('joined by the published shared secret');
    const sealed = { enc: input.hex('enc'), ct: await gcm(key, baseNonce, plaintext) };
    for (const hpke of await implementations()) {
      const opened = await hpke.open(await hpke.deriveKeyPair(input.hex('ikm')), info, sealed);
      if (!equalBytes(opened, plaintext)) throw new Error('opens to something else');
    }
    return { opened: true };
  },
};

/**
 * Seals with each implementation of HPKE that this platform has and opens with each other one.
 * @returns whether the platform's own took part
 * @throws Error when two do not understand each other
 */
export async function checkInteroperation(): Promise<{ native: boolean }> {
  const [ikm, info, plaintext] = [new Uint8Array(32).fill(7), utf8('info'), utf8('across implementations')];
  const all = await implementations();
  for (const sender of all) {
    for (const recipient of all) {
      const pair = await recipient.deriveKeyPair(ikm);
      const bytes = await recipient.serializePublicKey(pair.publicKey);
      const sealed = await sender.seal(await sender.deserializePublicKey(bytes), info, plaintext);
      if (!equalBytes(await recipient.open(pair, info, sealed), plaintext)) throw new Error('not the same');
    }
  }
  return { native: await hasNativeKem() };
}
