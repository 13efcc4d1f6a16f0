/**
 * The wire half's one door to a cryptographic library: the verifiable oblivious pseudorandom function ristretto255-SHA512 (RFC 9497, mode
 * 0x01), which blind tokens stand on (SPEC.md §22). Nothing here can decrypt.
 */
import { ristretto255_oprf } from '@noble/curves/ed25519.js';
import type { Bytes } from './bytes.ts';
import { equalBytes } from './bytes.ts';

// The library has `Evaluate` (RFC 9497 §3.3.2) in this mode too; its types leave it out. A published vector holds it.
type Evaluating = { evaluate(secretKey: Uint8Array, input: Uint8Array): Uint8Array };
const voprf = ristretto255_oprf.voprf as typeof ristretto255_oprf.voprf & Evaluating;

/** A key pair of an issuer. */
export interface OprfKeyPair {
  /** Scalar, 32 bytes. */
  secret: Bytes;
  /** Element, 32 bytes. */
  publicKey: Bytes;
}

/** An input that was blinded. */
export interface Blinded {
  /** What is evaluated; any length up to 65,535 bytes. */
  input: Uint8Array;
  /** Scalar that stays with whoever blinded, 32 bytes. */
  blind: Uint8Array;
  /** Element for the issuer, 32 bytes. It tells nothing of the input. */
  blinded: Uint8Array;
}

/** What an issuer answers. */
export interface Evaluation {
  /** One element of 32 bytes for each blinded one, in the same order. */
  evaluated: readonly Uint8Array[];
  /** Proves that all were evaluated with one key, 64 bytes. */
  proof: Uint8Array;
}

const copy = (bytes: Uint8Array): Bytes => Uint8Array.from(bytes);

/** A fresh key pair. */
export function makeOprfKeyPair(): OprfKeyPair {
  const { secretKey, publicKey } = voprf.generateKeyPair();
  return { secret: copy(secretKey), publicKey: copy(publicKey) };
}

/** Blinds an input under a fresh scalar. */
export function blindInput(input: Uint8Array): Blinded {
  return { input, ...voprf.blind(input) };
}

/**
 * Evaluates blinded elements, with one proof for all.
 * @throws Error when one is no element, or the neutral one
 */
export function evaluateBlinded(
  { secret, publicKey }: OprfKeyPair,
  blinded: readonly Uint8Array[],
): { evaluated: Bytes[]; proof: Bytes } {
  const { evaluated, proof } = voprf.blindEvaluateBatch(secret, publicKey, [...blinded]);
  return { evaluated: evaluated.map(copy), proof: copy(proof) };
}

/**
 * Takes the blinds off an issuer's answer.
 * @returns an output of 64 bytes for each input, in the same order
 * @throws Error when the proof does not hold for `publicKey` and exactly these elements
 */
export function finalizeOutputs(
  publicKey: Uint8Array,
  items: readonly Blinded[],
  { evaluated, proof }: Evaluation,
): Bytes[] {
  if (evaluated.length !== items.length) throw new Error('another number of elements');
  const joined = items.map((item, i) => ({ ...item, evaluated: evaluated[i] as Uint8Array }));
  return voprf.finalizeBatch(joined, publicKey, proof).map(copy);
}

/** Whether `output` is that of `input` under `secret` (32 bytes); compared in time that does not depend on it. Never throws for outputs. */
export function isOutput(secret: Uint8Array, input: Uint8Array, output: Uint8Array): boolean {
  return equalBytes(voprf.evaluate(secret, input), output);
}
