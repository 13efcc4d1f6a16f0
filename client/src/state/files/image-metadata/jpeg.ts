import type { Bytes } from '@relay/protocol';
import { concat, utf8 } from '@relay/protocol';
import { Kept, textAt } from './bytes.ts';
import { readOrientation, writeOrientation } from './exif.ts';
import type { Segment } from './jpeg-markers.ts';
import { MARKER, segmentsOf } from './jpeg-markers.ts';

/** What the image cannot be decoded without: frames, DHT, DAC, DQT, DNL, DRI, the scans, EOI. */
const NEEDED: ReadonlySet<number> = new Set([
  ...[0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf],
  ...[0xc4, 0xcc, 0xdb, 0xdc, 0xdd],
  ...[MARKER.SOS, MARKER.EOI],
]);

const EXIF = 'Exif\0\0';
/** `JFIF`, version and density, up to the two sides of a thumbnail. */
const JFIF_BYTES = 12;
/** `Adobe`, version, flags and the colour transform. */
const ADOBE_BYTES = 12;

/** Writes a segment with a body of at most 65,533 bytes. */
function segment(code: number, ...body: readonly Bytes[]): Bytes {
  const content = concat(...body);
  const length = content.length + 2;
  return concat(Uint8Array.of(0xff, code, length >> 8, length & 0xff), content);
}

/** What a header segment is replaced by; undefined when it is dropped. */
function shortened({ code, body }: Segment): Bytes | undefined {
  if (code === MARKER.APP0 && textAt(body, 0, 5) === 'JFIF\0' && body.length >= JFIF_BYTES + 2)
    return segment(code, body.subarray(0, JFIF_BYTES), Uint8Array.of(0, 0));
  if (code === MARKER.APP14 && textAt(body, 0, 5) === 'Adobe' && body.length >= ADOBE_BYTES)
    return segment(code, body.subarray(0, ADOBE_BYTES));
  return undefined;
}

/**
 * Strips a JPEG. Kept are its tables, frames and scans, the JFIF header without its thumbnail, the Adobe colour
 * transform and the ICC profile; and the orientation, unless it is upright, in an Exif segment of its own.
 * Browsers show an image that is cut off or damaged behind its first scan, so such a one is stripped as well.
 * @param bytes from the SOI on
 * @returns the parts of the stripped image, or undefined when it has no scan
 */
export function stripJpeg(bytes: Bytes): Bytes[] | undefined {
  const kept = new Kept(bytes);
  kept.keep(0, 2);
  let orientation: number | undefined;
  let hasScan = false;
  for (const found of segmentsOf(bytes)) {
    const { code, start, end, body } = found;
    hasScan ||= code === MARKER.SOS;
    if (NEEDED.has(code) || (code === MARKER.APP2 && textAt(body, 0, 12) === 'ICC_PROFILE\0')) {
      kept.keep(start, end);
      continue;
    }
    const short = shortened(found);
    if (short !== undefined) kept.put(short);
    if (code !== MARKER.APP1 || orientation !== undefined || textAt(body, 0, EXIF.length) !== EXIF) continue;
    orientation = readOrientation(body.subarray(EXIF.length));
    if (orientation !== undefined && orientation !== 1)
      kept.put(segment(code, utf8(EXIF), writeOrientation(orientation)));
  }
  return hasScan ? kept.parts : undefined;
}
