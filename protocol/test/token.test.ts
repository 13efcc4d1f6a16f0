/** Blind tokens (SPEC.md §22), as far as both ends go without a relay. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Draw, OprfKeyPair, Token } from '../src/index.ts';
import {
  beginDraw,
  decodeDraw,
  decodeToken,
  encodeToken,
  finishDraw,
  hex,
  isIssued,
  isRelayError,
  issueBatch,
  issuerKeyHash,
  makeOprfKeyPair,
  TOKEN_BATCH,
  TOKEN_BYTES,
} from '../src/index.ts';
import { flipped } from './support/members.ts';

const EPOCH = 500_000;
let key: OprfKeyPair;
let draw: Draw;
let tokens: Token[];
let answer: { evaluated: Uint8Array; proof: Uint8Array };

const issuerOf = ({ publicKey }: OprfKeyPair) => ({ epoch: EPOCH, publicKey });

function codeFor(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isRelayError(error)) return error.code;
    throw error;
  }
  return 'none';
}

beforeAll(() => {
  key = makeOprfKeyPair();
  draw = beginDraw();
  answer = issueBatch(key, decodeDraw(draw.request));
  tokens = finishDraw(issuerOf(key), draw, answer.evaluated, answer.proof);
});

describe('a batch', () => {
  test('makes 64 tokens, each of which its issuer knows', () => {
    expect(tokens.length).toBe(TOKEN_BATCH);
    expect(new Set(tokens.map(({ nonce }) => hex(nonce))).size).toBe(TOKEN_BATCH);
    expect(tokens.every((token) => isIssued(key.secret, token))).toBe(true);
  });

  test('of another key than the one that is known is refused as a whole', () => {
    const other = makeOprfKeyPair();
    const tagged = issueBatch(other, decodeDraw(draw.request));
    const take = () => finishDraw(issuerOf(key), draw, tagged.evaluated, tagged.proof);
    expect(codeFor(take)).toBe('issuer_key');
  });

  test('with any bit of the answer changed is refused', () => {
    fc.assert(
      fc.property(fc.nat(8 * (answer.evaluated.length + answer.proof.length) - 1), (at) => {
        const size = 8 * answer.evaluated.length;
        const evaluated = at < size ? flipped(answer.evaluated, at) : answer.evaluated;
        const proof = at < size ? answer.proof : flipped(answer.proof, at - size);
        return codeFor(() => finishDraw(issuerOf(key), draw, evaluated, proof)) === 'issuer_key';
      }),
      { numRuns: 12 },
    );
  });

  test('of bytes that are no elements is a bad request', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_100 }), (bytes) => {
        return codeFor(() => issueBatch(key, decodeDraw(bytes))) === 'bad_request';
      }),
    );
  });
});

describe('a token', () => {
  test('survives its encoding', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff_ffff),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        (epoch, nonce, output) => {
          const token = { epoch, nonce: nonce.slice(), output: output.slice() };
          expect(decodeToken(encodeToken(token))).toEqual(token);
        },
      ),
    );
  });

  test('of any other length is refused with a code', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }).filter(({ length }) => length !== TOKEN_BYTES),
        (bytes) => codeFor(() => decodeToken(bytes)) === 'token_invalid',
      ),
    );
  });

  test('that is changed in any bit of nonce or output is worth nothing', () => {
    const encoded = encodeToken(tokens[0] as Token);
    fc.assert(
      fc.property(fc.integer({ min: 4 * 8, max: TOKEN_BYTES * 8 - 1 }), (at) => {
        return !isIssued(key.secret, decodeToken(flipped(encoded, at)));
      }),
      { numRuns: 20 },
    );
  });

  test('of one key is worth nothing under another', () => {
    expect(isIssued(makeOprfKeyPair().secret, tokens[0] as Token)).toBe(false);
  });
});

test('the name of a key depends on key and epoch', async () => {
  const name = async (epoch: number, publicKey: Uint8Array) => hex(await issuerKeyHash({ epoch, publicKey }));
  const here = await name(EPOCH, key.publicKey);
  expect(await name(EPOCH + 1, key.publicKey)).not.toBe(here);
  expect(await name(EPOCH, makeOprfKeyPair().publicKey)).not.toBe(here);
});
