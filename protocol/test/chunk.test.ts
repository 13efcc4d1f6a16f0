import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FileTransfer, Pair } from '../src/index.ts';
import {
  BLOB_BYTES,
  BLOB_KIND,
  CHUNK_BYTES,
  chunkCount,
  chunkId,
  concat,
  fromUtf8,
  openChunk,
  randomBytes,
  recogniseBlobId,
  sealChunk,
  utf8,
} from '../src/index.ts';
import type { Members } from './support/members.ts';
import { codeOf, flipped, makeMembers, pairOf } from './support/members.ts';

let members: Members;
let sending: Pair;
let receiving: Pair;

beforeAll(async () => {
  members = await makeMembers();
  sending = await pairOf(members.ada, members.bo);
  receiving = await pairOf(members.bo, members.ada);
});

function transfer(
  pair: Pair,
  direction: 'outgoing' | 'incoming',
  fileKey: Uint8Array,
  size: number,
): FileTransfer {
  return { pair, direction: pair[direction], fileKey, size };
}

async function roundTrip(file: Uint8Array): Promise<Uint8Array> {
  const fileKey = randomBytes(32);
  const out = transfer(sending, 'outgoing', fileKey, file.length);
  const into = transfer(receiving, 'incoming', fileKey, file.length);
  const parts: Uint8Array[] = [];
  for (let i = 0; i < chunkCount(file.length); i++) {
    const { id, blob } = await sealChunk(out, i, file.slice(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES));
    expect(blob.length).toBe(BLOB_BYTES);
    expect(id).toEqual(await chunkId(into, i));
    expect(await recogniseBlobId([receiving], id)).toEqual({ pair: receiving, kind: BLOB_KIND.chunk });
    parts.push(await openChunk(into, i, blob));
  }
  return concat(...parts);
}

const around = (n: number) => [n - 1, n, n + 1];
const SIZES = [0, 1, 2, ...[1, 2, 3].flatMap((count) => around(count * CHUNK_BYTES)), 1_048_576];

describe('chunks of a file', () => {
  test.each(SIZES)('of %i bytes join to it', async (size) => {
    // getRandomValues gives at most 65,536 bytes at once.
    const pieces = Array.from({ length: Math.ceil(size / 65_536) }, () => randomBytes(65_536));
    const file = concat(...pieces).slice(0, size);
    const joined = await roundTrip(file);
    expect(Buffer.compare(joined, file)).toBe(0);
  });

  test('of any size up to three blobs join to it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(3 * CHUNK_BYTES), fc.nat(255), async (size, fill) => {
        const file = new Uint8Array(size).fill(fill);
        expect(Buffer.compare(await roundTrip(file), file)).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  test('carry a text longer than a blob', async () => {
    const text = '👩🏽‍🚀 Привет, 世界. '.repeat(6_000);
    expect(utf8(text).length).toBeGreaterThan(2 * BLOB_BYTES);
    expect(fromUtf8(await roundTrip(utf8(text)))).toBe(text);
  });

  test('are counted as SPEC.md §7 does', () => {
    const counts = [0, 1, 65_519, 65_520, 65_521, 131_040, 131_041].map(chunkCount);
    expect(counts).toEqual([0, 1, 1, 1, 2, 2, 3]);
  });

  test('are the same bytes for the same arguments, and others for another key, file, peer or place', async () => {
    const fileKey = randomBytes(32);
    const size = 3 * CHUNK_BYTES;
    const out = transfer(sending, 'outgoing', fileKey, size);
    const data = new Uint8Array(CHUNK_BYTES);
    const first = await sealChunk(out, 0, data);
    expect(await sealChunk({ ...out, fileKey: fileKey.slice() }, 0, data.slice())).toEqual(first);
    const others = await Promise.all([
      sealChunk(out, 1, data),
      sealChunk({ ...out, fileKey: randomBytes(32) }, 0, data),
      sealChunk({ ...out, size: 2 * CHUNK_BYTES }, 0, data),
      sealChunk(transfer(await pairOf(members.ada, members.cleo), 'outgoing', fileKey, size), 0, data),
      sealChunk(transfer(sending, 'incoming', fileKey, size), 0, data),
    ]);
    for (const { blob } of others) expect(Buffer.compare(blob, first.blob)).not.toBe(0);
  });

  test('are refused with another length than their place has', async () => {
    const out = transfer(sending, 'outgoing', randomBytes(32), CHUNK_BYTES + 5);
    const wrong = [
      { index: 0, length: CHUNK_BYTES - 1 },
      { index: 0, length: 5 },
      { index: 1, length: 4 },
      { index: 1, length: 6 },
      { index: 1, length: CHUNK_BYTES },
      { index: 2, length: 0 },
      { index: -1, length: 0 },
      { index: 0.5, length: 5 },
    ];
    for (const { index, length } of wrong)
      await expect(sealChunk(out, index, new Uint8Array(length))).rejects.toThrow(RangeError);
  });
});

describe('a chunk that was changed', () => {
  test('in any bit is refused', async () => {
    const fileKey = randomBytes(32);
    const { blob } = await sealChunk(transfer(sending, 'outgoing', fileKey, 9), 0, randomBytes(9));
    const into = transfer(receiving, 'incoming', fileKey, 9);
    const refuse = async (bit: number) => {
      expect(await codeOf(openChunk(into, 0, flipped(blob, bit)))).toBe('chunk_forged');
    };
    for (const bit of [0, 71, 72, 8 * 65_519, 8 * 65_520, 8 * 65_536 - 1]) await refuse(bit);
    await fc.assert(fc.asyncProperty(fc.nat(8 * BLOB_BYTES - 1), refuse), { numRuns: 200 });
  });

  test('in place, file, sender or recipient is refused', async () => {
    const fileKey = randomBytes(32);
    const size = 2 * CHUNK_BYTES;
    const out = transfer(sending, 'outgoing', fileKey, size);
    const { blob } = await sealChunk(out, 0, new Uint8Array(CHUNK_BYTES));
    const { bo, cleo, ada } = members;
    const wrong: [FileTransfer, number][] = [
      [transfer(receiving, 'incoming', fileKey, size), 1],
      [transfer(receiving, 'incoming', fileKey, size + 1), 0],
      [transfer(receiving, 'incoming', randomBytes(32), size), 0],
      [transfer(receiving, 'outgoing', fileKey, size), 0],
      [transfer(await pairOf(bo, cleo), 'incoming', fileKey, size), 0],
      [transfer(await pairOf(cleo, ada), 'incoming', fileKey, size), 0],
    ];
    for (const [into, index] of wrong)
      expect(await codeOf(openChunk(into, index, blob))).toBe('chunk_forged');
    for (const length of [0, BLOB_BYTES - 1, BLOB_BYTES + 1])
      expect(await codeOf(openChunk(out, 0, new Uint8Array(length)))).toBe('blob_size');
  });
});
