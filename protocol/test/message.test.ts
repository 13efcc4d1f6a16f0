import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BlobKind, CborValue, MessageBody, Pair, SealedBlob } from '../src/index.ts';
import {
  BLOB_BYTES,
  BLOB_KIND,
  derivePair,
  encodeCbor,
  fitsOneBlob,
  MAX_BODY_BYTES,
  makeBlobId,
  openMessage,
  randomBytes,
  recogniseBlobId,
  sealMessage,
} from '../src/index.ts';
import type { Members } from './support/members.ts';
import { bodyOf, codeOf, flipped, makeMembers, pairOf } from './support/members.ts';

let members: Members;
/** Ada's view of Ada and Bo, and Bo's. */
let sending: Pair;
let receiving: Pair;
let message: SealedBlob;

beforeAll(async () => {
  members = await makeMembers();
  sending = await pairOf(members.ada, members.bo);
  receiving = await pairOf(members.bo, members.ada);
  message = await sealMessage(sending, BLOB_KIND.message, bodyOf(members.ada, randomBytes(300)));
});

// A key named __proto__ is dropped on reading; hostile-member.test.ts shows that it does no harm.
const privatePart = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 10 }).filter((key) => key !== '__proto__'),
  fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.uint8Array({ maxLength: 40 })),
) as fc.Arbitrary<Record<string, CborValue>>;

const body: fc.Arbitrary<MessageBody> = fc.record({
  roster: fc.record({
    serial: fc.integer({ min: 1 }),
    hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  }),
  issuer: fc.record({
    epoch: fc.nat(0xffff_ffff),
    hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    hour: fc.nat(0xffff_ffff),
  }),
  records: fc.array(fc.record({ content: fc.uint8Array({ maxLength: 2_000 }), private: privatePart }), {
    minLength: 1,
    maxLength: 20,
  }),
});

const plain = (value: MessageBody) => encodeCbor(value as unknown as CborValue);

/** A content with which a body of one record has exactly this many bytes. */
function contentFor(bytes: number): Uint8Array {
  const overhead = (n: number) => plainBodyLength(new Uint8Array(n)) - n;
  return randomBytes(bytes - overhead(bytes - 100));
}

const plainBodyLength = (content: Uint8Array) =>
  encodeCbor({ roster: [1, new Uint8Array(32)], records: [[content, {}]] }).length;

describe('a message blob', () => {
  test('opens to what was sealed, and is 65,536 bytes, whatever it says', async () => {
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(BLOB_KIND.message, BLOB_KIND.sentLog), async (said, kind) => {
        const { id, blob } = await sealMessage(sending, kind, said);
        expect(blob.length).toBe(BLOB_BYTES);
        expect(await recogniseBlobId([receiving], id)).toEqual({ pair: receiving, kind });
        expect(plain(await openMessage(receiving, id, blob))).toEqual(plain(said));
      }),
      { numRuns: 60 },
    );
  });

  test('holds a body up to its last byte, and none that is larger', async () => {
    for (const bytes of [100, MAX_BODY_BYTES - 1, MAX_BODY_BYTES]) {
      const said = bodyOf(members.ada, contentFor(bytes));
      expect(fitsOneBlob(said)).toBe(true);
      const { id, blob } = await sealMessage(sending, BLOB_KIND.message, said);
      expect(blob.length).toBe(BLOB_BYTES);
      expect(plain(await openMessage(receiving, id, blob))).toEqual(plain(said));
    }
    const larger = bodyOf(members.ada, contentFor(MAX_BODY_BYTES + 1));
    expect(fitsOneBlob(larger)).toBe(false);
    await expect(sealMessage(sending, BLOB_KIND.message, larger)).rejects.toThrow(RangeError);
  });

  test('to oneself opens as one’s own', async () => {
    const own = await pairOf(members.ada, members.ada);
    const said = bodyOf(members.ada, randomBytes(10));
    const { id, blob } = await sealMessage(own, BLOB_KIND.sentLog, said);
    expect(await recogniseBlobId([sending, own], id)).toEqual({ pair: own, kind: BLOB_KIND.sentLog });
    expect(plain(await openMessage(own, id, blob))).toEqual(plain(said));
  });

  test('is another one each time, under another id', async () => {
    const again = await sealMessage(sending, BLOB_KIND.message, bodyOf(members.ada, new Uint8Array(300)));
    expect(again.id).not.toEqual(message.id);
    expect(again.blob).not.toEqual(message.blob);
  });

  test('fails with any bit flipped', async () => {
    const regions = [0, 1_087, 1_088, 1_119, 1_120, 1_183, 1_184, 1_187, 1_188, 65_519, 65_520, 65_535];
    const edges = regions.flatMap((byte) => [8 * byte, 8 * byte + 7]);
    const refuse = async (bit: number) => {
      const code = await codeOf(openMessage(receiving, message.id, flipped(message.blob, bit)));
      expect(code).toBe('blob_forged');
    };
    for (const bit of edges) await refuse(bit);
    await fc.assert(fc.asyncProperty(fc.nat(8 * BLOB_BYTES - 1), refuse), { numRuns: 200 });
    await fc.assert(fc.asyncProperty(fc.nat(8 * 1_120 - 1), refuse), { numRuns: 100 });
  });

  test('fails at any other size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2 * BLOB_BYTES), async (size) => {
        fc.pre(size !== BLOB_BYTES);
        const blob = new Uint8Array(size);
        blob.set(message.blob.subarray(0, size));
        expect(await codeOf(openMessage(receiving, message.id, blob))).toBe('blob_size');
      }),
    );
  });

  test('fails for every recipient, sender, direction and circle secret but its own', async () => {
    const { ada, bo, cleo } = members;
    const other = { serial: 1, secret: randomBytes(32) };
    const strangers = await Promise.all([
      pairOf(cleo, ada),
      pairOf(bo, cleo),
      pairOf(ada, bo),
      pairOf(ada, ada),
      derivePair(bo, ada.member, other),
    ]);
    for (const pair of strangers) {
      expect(await recogniseBlobId([pair], message.id)).toBeUndefined();
      expect(await codeOf(openMessage(pair, message.id, message.blob))).toBe('blob_forged');
    }
  });

  test('fails under every other id, be it of the same sender and kind', async () => {
    const kinds: BlobKind[] = [BLOB_KIND.message, BLOB_KIND.sentLog, BLOB_KIND.chunk];
    for (const kind of kinds) {
      const id = await makeBlobId(sending.outgoing, kind);
      expect(await codeOf(openMessage(receiving, id, message.blob))).toBe('blob_forged');
    }
    const salt = message.id.slice(0, 8);
    const asSentLog = await makeBlobId(sending.outgoing, BLOB_KIND.sentLog, salt);
    expect(await codeOf(openMessage(receiving, asSentLog, message.blob))).toBe('blob_forged');
    await fc.assert(
      fc.asyncProperty(fc.nat(127), async (bit) => {
        const id = flipped(message.id, bit);
        expect(await codeOf(openMessage(receiving, id, message.blob))).toBe('blob_forged');
      }),
      { numRuns: 40 },
    );
  });
});
