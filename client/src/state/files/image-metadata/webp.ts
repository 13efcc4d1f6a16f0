import type { Bytes } from '@relay/protocol';
import { Kept, textAt } from './bytes.ts';

/** `RIFF`, size, `WEBP`. */
const FILE_HEAD_BYTES = 12;
/** Type and size of a chunk. */
const HEAD_BYTES = 8;
/** Head of a chunk with a frame, then place, size, duration and flags of the frame, before its own chunks. */
const FRAME_HEAD_BYTES = HEAD_BYTES + 16;
/** In the first byte of VP8X: the file has Exif (0x08), has XMP (0x04). */
const METADATA_FLAGS = 0x0c;

const PICTURE = new Set(['VP8 ', 'VP8L', 'ANMF']);
const SHOWN = new Set([...PICTURE, 'VP8X', 'ALPH', 'ANIM', 'ICCP']);
const SHOWN_IN_FRAME = new Set(['VP8 ', 'VP8L', 'ALPH']);

/** A chunk as it is declared: in a file that is cut off, its end may lie past that of the file. */
interface Chunk {
  type: string;
  start: number;
  /** Bytes behind its head, without the one that may pad them. */
  size: number;
  end: number;
}

const sizeAt = (bytes: Bytes, at: number) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);

/** The chunks in `[start, end)`; what is too short for one has no type. */
function* chunksOf(bytes: Bytes, start: number, end: number): Generator<Chunk> {
  for (let at = start; at < end && at < bytes.length; ) {
    const isWhole = at + HEAD_BYTES <= Math.min(end, bytes.length);
    const size = isWhole ? sizeAt(bytes, at + 4) : 0;
    const next = isWhole ? Math.min(at + HEAD_BYTES + size + (size % 2), end) : end;
    yield { type: isWhole ? textAt(bytes, at, 4) : '', start: at, size, end: next };
    at = next;
  }
}

/** The head `[start, start + length)` of a file or chunk, with another size. */
function resized(bytes: Bytes, start: number, length: number, size: number): Bytes {
  const head = bytes.slice(start, start + length);
  new DataView(head.buffer).setUint32(4, size, true);
  return head;
}

/** Keeps of a frame what is shown. @returns bytes dropped */
function keepFrame(kept: Kept, bytes: Bytes, { start, size, end }: Chunk): number {
  const chunks = [...chunksOf(bytes, start + FRAME_HEAD_BYTES, Math.min(start + HEAD_BYTES + size, end))];
  const shown = chunks.filter(({ type }) => SHOWN_IN_FRAME.has(type));
  if (shown.length === chunks.length) {
    kept.keep(start, end);
    return 0;
  }
  const left = shown.reduce((sum, chunk) => sum + chunk.end - chunk.start, FRAME_HEAD_BYTES);
  kept.put(resized(bytes, start, FRAME_HEAD_BYTES, left - HEAD_BYTES));
  for (const chunk of shown) kept.keep(chunk.start, chunk.end);
  if (left % 2 === 1) kept.put(Uint8Array.of(0));
  return end - start - left - (left % 2);
}

/**
 * Strips a WebP, animated or not: keeps the chunks that are shown and mends the flags and sizes. Browsers may show an
 * image that is cut off within its pixels, so such a one is stripped as well.
 * @param bytes from `RIFF` on
 * @returns the parts of the stripped image, or undefined when it has no pixels
 */
export function stripWebp(bytes: Bytes): Bytes[] | undefined {
  if (bytes.length < FILE_HEAD_BYTES) return undefined;
  const kept = new Kept(bytes);
  const fileSize = sizeAt(bytes, 4);
  let dropped = 0;
  let hasPicture = false;
  for (const chunk of chunksOf(bytes, FILE_HEAD_BYTES, HEAD_BYTES + fileSize)) {
    const { type, start, end } = chunk;
    hasPicture ||= PICTURE.has(type);
    if (type === 'ANMF') dropped += keepFrame(kept, bytes, chunk);
    else if (type === 'VP8X' && chunk.size > 0) {
      const header = bytes.slice(start, end);
      header[HEAD_BYTES] = (header[HEAD_BYTES] ?? 0) & ~METADATA_FLAGS;
      kept.put(header);
    } else if (SHOWN.has(type)) kept.keep(start, end);
    else dropped += end - start;
  }
  if (!hasPicture) return undefined;
  return [resized(bytes, 0, FILE_HEAD_BYTES, fileSize - dropped), ...kept.parts];
}
