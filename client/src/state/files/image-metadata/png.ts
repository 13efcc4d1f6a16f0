import type { Bytes } from '@relay/protocol';
import { concat, readU32, u32, utf8 } from '@relay/protocol';
import { Kept, textAt } from './bytes.ts';
import { readOrientation, writeOrientation } from './exif.ts';

const SIGNATURE_BYTES = 8;
/** Length and type before the data of a chunk, and its checksum after it. */
const HEAD_BYTES = 8;
const CHECKSUM_BYTES = 4;
const MAX_LENGTH = 2 ** 31 - 1;

/** Chunks that hold pixels or frames, or say how pixels are shown. */
const SHOWN = new Set([
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'cICP', 'sBIT', 'bKGD', 'pHYs'],
  ...['acTL', 'fcTL', 'fdAT'],
]);

/** CRC-32 of a chunk's type and data (PNG, annex D). */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return ~crc >>> 0;
}

/** Writes a chunk. */
function chunk(type: string, data: Bytes): Bytes {
  const content = concat(utf8(type), data);
  return concat(u32(data.length), content, u32(checksum(content)));
}

/**
 * Strips a PNG, animated or not: keeps the chunks that are shown, up to IEND; and the orientation, unless it is upright,
 * in an Exif chunk of its own. Browsers show an image that is cut off
 * behind its first IDAT, so such a one is stripped as well.
 * @param bytes from the signature on
 * @returns the parts of the stripped image, or undefined when it has no IDAT
 */
export function stripPng(bytes: Bytes): Bytes[] | undefined {
  const kept = new Kept(bytes);
  kept.keep(0, SIGNATURE_BYTES);
  let orientation: number | undefined;
  let hasData = false;
  for (let at = SIGNATURE_BYTES; at + HEAD_BYTES <= bytes.length; ) {
    const length = readU32(bytes, at);
    if (length > MAX_LENGTH) break;
    const type = textAt(bytes, at + 4, 4);
    const end = at + HEAD_BYTES + length + CHECKSUM_BYTES;
    if (SHOWN.has(type)) kept.keep(at, end);
    if (type === 'eXIf' && end <= bytes.length && orientation === undefined) {
      orientation = readOrientation(bytes.subarray(at + HEAD_BYTES, end - CHECKSUM_BYTES));
      if (orientation !== undefined && orientation !== 1)
        kept.put(chunk(type, writeOrientation(orientation)));
    }
    hasData ||= type === 'IDAT';
    if (type === 'IEND') break;
    at = end;
  }
  return hasData ? kept.parts : undefined;
}
