import { randomBytes } from 'node:crypto';
import { BLOB_FRAME_BYTES, concat, u32 } from '@relay/protocol/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameCutter } from '../src/blobs/copy.ts';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const FRAMES = [0, 1, 2].map(() => randomBytes(BLOB_FRAME_BYTES));

/** PostgreSQL's binary COPY format, as its manual has it. */
function copyStream(rows: readonly Uint8Array[]): Buffer {
  const header = concat(SIGNATURE, u32(0), u32(0));
  const lines = rows.map((row) => concat(Uint8Array.of(0, 1), u32(row.length), row));
  return Buffer.from(concat(header, ...lines, Uint8Array.of(255, 255)));
}

function cutAt(stream: Buffer, cuts: readonly number[]): Uint8Array {
  const cut = frameCutter();
  const ends = [...cuts.map((end) => Math.min(end, stream.length)), stream.length].sort((a, b) => a - b);
  const pieces = ends.map((end, i) => stream.subarray(ends[i - 1] ?? 0, end));
  return concat(...pieces.flatMap((piece) => [...cut(piece)]));
}

test('frames come out whole, wherever the stream is cut', () => {
  const stream = copyStream(FRAMES);
  const cuts = fc.array(
    fc.oneof(fc.nat(stream.length), fc.nat(40), fc.integer({ min: 65_550, max: 65_620 })),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(cuts, (at) => {
      expect(Buffer.compare(cutAt(stream, at), concat(...FRAMES))).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test('byte by byte is no different', () => {
  const stream = copyStream(FRAMES.slice(0, 1));
  expect(cutAt(stream, Array.from(stream.keys()))).toEqual(Uint8Array.from(FRAMES[0] ?? []));
});

test('no rows make no bytes', () => {
  expect(cutAt(copyStream([]), [5])).toHaveLength(0);
});
