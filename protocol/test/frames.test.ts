import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BlobFrame } from '../src/wire/index.ts';
import {
  BLOB_FRAME_BYTES,
  concat,
  decodeCapabilities,
  decodeEntries,
  decodeIds,
  decodeUploadFrame,
  encodeCapabilities,
  encodeEntries,
  encodeUploadFrame,
  equalBytes,
  MAX_IDS_PER_REQUEST,
  randomBytes,
  readBlobFrames,
  UPLOAD_FRAME_BYTES,
} from '../src/wire/index.ts';
import { codeOf, codeOfCall } from './support/members.ts';

const bytes = (n: number) =>
  fc.uint8Array({ minLength: n, maxLength: n }).map((array) => Uint8Array.from(array));

describe('lists', () => {
  test('of entries come back', () => {
    const entry = fc.record({ id: bytes(16), expiryHour: fc.integer({ min: 0, max: 2 ** 32 - 1 }) });
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        expect(decodeEntries(encodeEntries(entries))).toEqual(entries);
      }),
    );
  });

  test('of 1 to 256 capabilities and blob ids come back', () => {
    const capability = fc.record({ id: bytes(16), secret: bytes(32) });
    fc.assert(
      fc.property(fc.array(capability, { minLength: 1, maxLength: 20 }), (list) => {
        expect(
          decodeCapabilities(encodeCapabilities(list)).map(({ id, secret }) => [...id, ...secret]),
        ).toEqual(list.map(({ id, secret }) => [...id, ...secret]));
        expect(decodeIds(concat(...list.map(({ id }) => id)))).toEqual(list.map(({ id }) => id));
      }),
    );
    expect(decodeIds(new Uint8Array(16 * MAX_IDS_PER_REQUEST)).length).toBe(256);
    expect(codeOfCall(() => decodeIds(new Uint8Array(16 * 257)))).toBe('bad_request');
  });

  test('of any other length are refused', () => {
    fc.assert(
      fc.property(fc.nat(20_000), (n) => {
        const list = new Uint8Array(n);
        if (n % 20 !== 0) expect(codeOfCall(() => decodeEntries(list))).toBe('bad_request');
        if (n % 16 !== 0 || n === 0 || n > 4_096)
          expect(codeOfCall(() => decodeIds(list))).toBe('bad_request');
        if (n % 48 !== 0 || n === 0 || n > 12_288)
          expect(codeOfCall(() => decodeCapabilities(list))).toBe('bad_request');
      }),
    );
  });
});

describe('an upload', () => {
  test('comes back', () => {
    const frame = {
      id: randomBytes(16),
      readHash: randomBytes(32),
      deleteHash: randomBytes(32),
      blob: randomBytes(65_536),
    };
    const encoded = encodeUploadFrame(frame);
    expect(encoded.length).toBe(UPLOAD_FRAME_BYTES);
    const decoded = decodeUploadFrame(encoded);
    for (const part of ['id', 'readHash', 'deleteHash', 'blob'] as const)
      expect(equalBytes(decoded[part], frame[part])).toBe(true);
  });

  test('of another size is refused', () => {
    for (const size of [0, 1, 65_536, UPLOAD_FRAME_BYTES - 1, UPLOAD_FRAME_BYTES + 1])
      expect(codeOfCall(() => decodeUploadFrame(new Uint8Array(size)))).toBe('bad_request');
  });
});

async function* pieces(stream: Uint8Array, cuts: number[]): AsyncGenerator<Uint8Array> {
  const ends = [...cuts.filter((cut) => cut <= stream.length).toSorted((a, b) => a - b), stream.length];
  let from = 0;
  for (const end of ends) {
    yield stream.slice(from, end);
    from = end;
  }
}

async function collect(frames: AsyncIterable<BlobFrame>): Promise<BlobFrame[]> {
  const list: BlobFrame[] = [];
  for await (const frame of frames) list.push(frame);
  return list;
}

describe('a stream of blob frames', () => {
  const frames = [1, 2, 3].map(() => ({ id: randomBytes(16), blob: randomBytes(65_536) }));
  const stream = concat(...frames.flatMap(({ id, blob }) => [id, blob]));
  const same = (got: BlobFrame[], wanted: BlobFrame[]) =>
    got.length === wanted.length &&
    got.every(
      ({ id, blob }, i) => equalBytes(id, wanted[i]?.id ?? id) && equalBytes(blob, wanted[i]?.blob ?? blob),
    );

  test('comes back, wherever it was cut into pieces', async () => {
    const cut = fc.oneof(
      fc.nat(stream.length),
      fc.constantFrom(0, 1, 15, 16, 17, BLOB_FRAME_BYTES - 1, BLOB_FRAME_BYTES, BLOB_FRAME_BYTES + 1),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { maxLength: 30 }), async (cuts) => {
        expect(same(await collect(readBlobFrames(pieces(stream, cuts))), frames)).toBe(true);
      }),
    );
    const single = Array.from({ length: 100 }, (_, i) => i);
    expect(same(await collect(readBlobFrames(pieces(stream, single))), frames)).toBe(true);
    expect(await collect(readBlobFrames(pieces(new Uint8Array(), [])))).toEqual([]);
  });

  test('that was cut short gives every whole frame, then a fault', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(stream.length), fc.array(fc.nat(stream.length)), async (end, cuts) => {
        const got: BlobFrame[] = [];
        const read = async () => {
          for await (const frame of readBlobFrames(pieces(stream.slice(0, end), cuts))) got.push(frame);
        };
        if (end % BLOB_FRAME_BYTES === 0) await read();
        else expect(await codeOf(read())).toBe('relay_unreachable');
        expect(same(got, frames.slice(0, Math.floor(end / BLOB_FRAME_BYTES)))).toBe(true);
      }),
    );
  });

  test('hands out frames that later pieces do not change', async () => {
    const reader = readBlobFrames(pieces(stream, [BLOB_FRAME_BYTES + 5]));
    const first = (await reader.next()).value as BlobFrame;
    const before = first.blob.slice();
    await reader.next();
    expect(equalBytes(first.blob, before)).toBe(true);
  });
});
