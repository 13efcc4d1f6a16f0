/** What an issuer sees of tokens when it issues them (SPEC.md §22): nothing that it knows again when they are spent. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Blinded, Draw, OprfKeyPair, Token } from '../src/index.ts';
import {
  beginDraw,
  blindInput,
  decodeDraw,
  decodeEvaluated,
  evaluateBlinded,
  finishDraw,
  hex,
  issueBatch,
  makeOprfKeyPair,
  TOKEN_BATCH,
  tokenInput,
  utf8,
} from '../src/index.ts';

/** Order of the group (RFC 9496 §4.4). */
const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;

let key: OprfKeyPair;
let items: Draw['items'];
/** Of each input, in the order of `items`. */
let elements: Uint8Array[];
let tokens: Token[];
/** All elements and proofs that went either way. */
let seen: string[];

const scalarOf = (bytes: Uint8Array) => BigInt(`0x${hex(bytes.toReversed())}`);
const bytesOf = (scalar: bigint) =>
  Uint8Array.from(Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex')).reverse();

/** Elements times a scalar, as an issuer evaluates them. */
const times = (scalar: Uint8Array, elements: readonly Uint8Array[]): Uint8Array[] =>
  evaluateBlinded({ ...key, secret: Uint8Array.from(scalar) }, elements).evaluated;

/** The element that an input is hashed to, which everybody can compute of it: a blinded one without its blind. */
function elementOf({ blind, blinded }: Blinded): Uint8Array {
  let [inverse, base] = [1n, scalarOf(blind)];
  for (let left = ORDER - 2n; left > 0n; left >>= 1n) {
    if (left & 1n) inverse = (inverse * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return times(bytesOf(inverse), [blinded])[0] as Uint8Array;
}

beforeAll(() => {
  key = makeOprfKeyPair();
  const draws = [beginDraw(), beginDraw()];
  items = draws.flatMap((draw) => draw.items);
  elements = items.map(elementOf);
  seen = [];
  tokens = draws.flatMap((draw) => {
    const { evaluated, proof } = issueBatch(key, decodeDraw(draw.request));
    seen.push(...[...decodeDraw(draw.request), ...decodeEvaluated(evaluated)].map(hex));
    seen.push(hex(proof));
    return finishDraw({ epoch: 1, publicKey: key.publicKey }, draw, evaluated, proof);
  });
});

describe('what an issuer sees', () => {
  test('is another element each time, for the same input too', () => {
    const inputs = Array.from({ length: 20 }, () => blindInput(utf8('the same')));
    expect(new Set(inputs.map(({ blind }) => hex(blind))).size).toBe(20);
    expect(new Set(inputs.map(({ blinded }) => hex(blinded))).size).toBe(20);
    expect(new Set(inputs.map((item) => hex(elementOf(item)))).size).toBe(1);
  });

  test('has a blind of its own for each token, and never the one that changes nothing', () => {
    const blinds = items.map(({ blind }) => scalarOf(blind));
    expect(new Set(blinds).size).toBe(2 * TOKEN_BATCH);
    expect(blinds.every((blind) => blind > 1n && blind < ORDER)).toBe(true);
  });

  test('has nothing that can be computed of a token with the key', () => {
    // The tokens are those of these inputs.
    expect(items.map(({ input }) => hex(input))).toEqual(tokens.map(({ nonce }) => hex(tokenInput(nonce))));
    for (const element of [...elements, ...times(key.secret, elements)])
      expect(seen).not.toContain(hex(element));
    const all = seen.join();
    for (const { nonce, output } of tokens) {
      expect(all).not.toContain(hex(nonce));
      expect(all).not.toContain(hex(output).slice(0, 32));
    }
  });

  test('is known again by nobody who knows the blind of another token', () => {
    const guesses = times((items[0] as Blinded).blind, elements.slice(1));
    for (const guess of [...guesses, ...times(key.secret, guesses)]) expect(seen).not.toContain(hex(guess));
  });
});
