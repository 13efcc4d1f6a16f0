/** Vectors of blind tokens (SPEC.md §22). */
import {
  b64,
  beginDraw,
  concat,
  decodeDraw,
  encodeToken,
  finishDraw,
  issueBatch,
  issuerKeyHash,
  makeOprfKeyPair,
} from '../../src/index.ts';
import { VectorDraft } from './file.ts';

const EPOCH = 500_000;

/** Keys, batches and tokens. */
export async function tokenVectors() {
  const draft = new VectorDraft('SPEC.md §22');
  const key = makeOprfKeyPair();
  const other = makeOprfKeyPair();
  const named = { epoch: EPOCH, publicKey: b64(key.publicKey) };
  draft.valid('name of a key', 'issuerKeyHash', named, b64(await issuerKeyHash({ ...key, epoch: EPOCH })));
  const later = { ...named, epoch: EPOCH + 1 };
  draft.valid(
    'the same key later',
    'issuerKeyHash',
    later,
    b64(await issuerKeyHash({ ...key, epoch: EPOCH + 1 })),
  );

  const draw = beginDraw();
  const request = draft.name('blinded elements', draw.request);
  const { evaluated, proof } = issueBatch(key, decodeDraw(draw.request));
  const secrets = { secret: b64(key.secret), publicKey: b64(key.publicKey) };
  draft.valid('a batch, issued', 'issueBatch', { ...secrets, request }, b64(evaluated));
  const refused = (name: string, change: object) =>
    draft.fails(name, 'issueBatch', { ...secrets, request: { ...request, ...change } }, 'bad_request');
  refused('a batch of 63', { cut: 63 * 32 });
  refused('a batch of 65', { add: b64(draw.request.slice(0, 32)) });
  refused('a cut element', { cut: 64 * 32 - 1 });
  refused('no element at all', { cut: 0 });
  const without = concat(new Uint8Array(32), draw.request.slice(32));
  draft.fails('the neutral element', 'issueBatch', { ...secrets, request: b64(without) }, 'bad_request');
  const odd = concat(new Uint8Array(32).fill(255), draw.request.slice(32));
  draft.fails('bytes that are no element', 'issueBatch', { ...secrets, request: b64(odd) }, 'bad_request');

  const tokens = finishDraw({ ...key, epoch: EPOCH }, draw, evaluated, proof).map(encodeToken);
  const [first, last] = [tokens[0], tokens.at(-1)] as [Uint8Array, Uint8Array];
  const drawn = {
    ...named,
    request,
    nonces: draw.items.map(({ nonce }) => b64(nonce)),
    blinds: draw.items.map(({ blind }) => b64(blind)),
    evaluated: draft.name('evaluated elements', evaluated),
    proof: b64(proof),
  };
  draft.valid('a batch, drawn', 'finishDraw', drawn, [b64(first), b64(last)]);
  const forged = (name: string, change: object) =>
    draft.fails(name, 'finishDraw', { ...drawn, ...change }, 'issuer_key');
  const swapped = issueBatch(other, decodeDraw(draw.request));
  forged('evaluated with another key', { evaluated: b64(swapped.evaluated), proof: b64(swapped.proof) });
  const mixed = concat(evaluated.slice(0, 63 * 32), swapped.evaluated.slice(63 * 32));
  forged('one of them evaluated with another key', { evaluated: b64(mixed) });
  forged('a proof for another key', { proof: b64(swapped.proof) });
  forged('taken for that of another key', { publicKey: b64(other.publicKey) });
  forged('two of them swapped', {
    evaluated: b64(concat(evaluated.slice(32, 64), evaluated.slice(0, 32), evaluated.slice(64))),
  });
  forged('one too few', { evaluated: b64(evaluated.slice(32)) });
  forged('a cut proof', { proof: b64(proof.slice(1)) });

  const token = draft.name('token', first);
  draft.valid(
    'a token',
    'decodeToken',
    { token },
    {
      epoch: EPOCH,
      nonce: b64(first.slice(4, 36)),
      output: b64(first.slice(36)),
    },
  );
  draft.fails('a cut token', 'decodeToken', { token: { ...token, cut: 99 } }, 'token_invalid');
  draft.fails('a token and a byte', 'decodeToken', { token: { ...token, add: 'AA' } }, 'token_invalid');
  const holds = (name: string, input: object, expected: boolean) =>
    draft.valid(name, 'isIssued', { secret: b64(key.secret), token, ...input }, expected);
  holds('the token holds', {}, true);
  holds('under another key', { secret: b64(other.secret) }, false);
  holds('another nonce', { token: { ...token, xor: [[4, 1]] } }, false);
  holds('another output', { token: { ...token, xor: [[-1, 1]] } }, false);
  return draft;
}
