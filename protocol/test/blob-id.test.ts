import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BlobKind, CircleSecret, Pair } from '../src/index.ts';
import {
  capabilitiesOf,
  derivePair,
  hex,
  makeBlobId,
  maskKey,
  matchBlobId,
  recogniseBlobId,
  sha256,
} from '../src/index.ts';
import type { Members } from './support/members.ts';
import { flipped, makeMembers, pairOf } from './support/members.ts';

let members: Members;
let sending: Pair;
let receiving: Pair;

beforeAll(async () => {
  members = await makeMembers();
  sending = await pairOf(members.ada, members.bo);
  receiving = await pairOf(members.bo, members.ada);
});

const salt = fc.uint8Array({ minLength: 8, maxLength: 8 });
const kind = fc.nat(255) as fc.Arbitrary<BlobKind>;

describe('a blob id', () => {
  test('tells sender and kind to the recipient, whatever the kind', async () => {
    const cleo = await pairOf(members.bo, members.cleo);
    const own = await pairOf(members.bo, members.bo);
    await fc.assert(
      fc.asyncProperty(salt, kind, async (bytes, byte) => {
        const id = await makeBlobId(sending.outgoing, byte, bytes);
        expect(id.length).toBe(16);
        expect(await recogniseBlobId([own, cleo, receiving], id)).toEqual({ pair: receiving, kind: byte });
        expect(await recogniseBlobId([own, cleo], id)).toBeUndefined();
      }),
    );
  });

  test('is recognised by nobody else, its sender included', async () => {
    const views = await Promise.all([pairOf(members.cleo, members.ada), pairOf(members.ada, members.bo)]);
    const id = await makeBlobId(sending.outgoing, 1);
    expect(await recogniseBlobId(views, id)).toBeUndefined();
  });

  test('with a flipped bit is no one’s, or of another kind', async () => {
    const id = await makeBlobId(sending.outgoing, 1);
    for (let bit = 0; bit < 128; bit++) {
      const found = await matchBlobId(receiving.incoming, flipped(id, bit));
      expect(found).toBe(bit < 120 ? undefined : 1 ^ (1 << (bit - 120)));
    }
  });
});

test('both ends derive the same secrets, and no two of them are alike', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 16, maxLength: 16 }), async (id) => {
      const mine = await capabilitiesOf(sending, id);
      expect(await capabilitiesOf(receiving, id)).toEqual(mine);
      expect(mine.readHash).toEqual(await sha256(mine.readSecret));
      expect(mine.deleteHash).toEqual(await sha256(mine.deleteSecret));
      const mask = await maskKey(sending, sending.outgoing, id);
      expect(await maskKey(receiving, receiving.incoming, id)).toEqual(mask);
      const back = await maskKey(sending, sending.incoming, id);
      const all = [mine.readSecret, mine.deleteSecret, mask, back, mine.readHash, mine.deleteHash];
      expect(new Set(all.map(hex)).size).toBe(all.length);
    }),
    { numRuns: 30 },
  );
});

test('a peer whose pairing key gives the same secret with everyone is refused', async () => {
  const { ada, bo } = members;
  const [secret] = ada.secrets;
  for (const first of [0, 1]) {
    const bundle = bo.member.bundle.slice();
    bundle.fill(0, 1_248).fill(first, 1_248, 1_249);
    const degenerate = derivePair(ada, { ...bo.member, bundle }, secret as CircleSecret);
    await expect(degenerate).rejects.toThrow();
  }
});
