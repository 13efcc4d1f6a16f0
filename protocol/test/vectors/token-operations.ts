/** Operations of the vectors of tokens (SPEC.md §22). */
import {
  b64,
  decodeDraw,
  decodeToken,
  encodeToken,
  finishDraw,
  isIssued,
  issueBatch,
  issuerKeyHash,
  tokenInput,
} from '../../src/index.ts';
import type { Input, Json } from './input.ts';

const keyOf = (input: Input) => ({ epoch: input.number('epoch'), publicKey: input.bytes('publicKey') });

/** By name, as `OPERATIONS`. */
export const TOKEN_OPERATIONS: { [name: string]: (input: Input) => Promise<Json> } = {
  async issuerKeyHash(input) {
    return b64(await issuerKeyHash(keyOf(input)));
  },
  async decodeToken(input) {
    const { epoch, nonce, output } = decodeToken(input.bytes('token'));
    return { epoch, nonce: b64(nonce), output: b64(output) };
  },
  async isIssued(input) {
    return isIssued(input.bytes('secret'), decodeToken(input.bytes('token')));
  },
  /** What a batch is evaluated to; the proof, which is random, is checked by `finishDraw`. */
  async issueBatch(input) {
    const key = { secret: input.bytes('secret'), publicKey: input.bytes('publicKey') };
    return b64(issueBatch(key, decodeDraw(input.bytes('request'))).evaluated);
  },
  /** The first and last token of a batch. */
  async finishDraw(input) {
    const [nonces, blinds] = [input.list('nonces'), input.list('blinds')];
    const blinded = decodeDraw(input.bytes('request'));
    const items = blinded.map((element, i) => {
      const nonce = nonces[i] as Uint8Array<ArrayBuffer>;
      return { nonce, input: tokenInput(nonce), blind: blinds[i] as Uint8Array, blinded: element };
    });
    const draw = { request: input.bytes('request'), items };
    const tokens = finishDraw(keyOf(input), draw, input.bytes('evaluated'), input.bytes('proof'));
    return [tokens[0], tokens.at(-1)].map((token) => token && b64(encodeToken(token))) as Json;
  },
};
