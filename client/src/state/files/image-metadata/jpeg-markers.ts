/** How a JPEG is cut into segments (ITU-T T.81, annex B), as lenient with damage as the decoders of browsers are. */
import type { Bytes } from '@relay/protocol';

/** Second bytes of the markers that matter; the first is always 0xff. */
export const MARKER = {
  RST0: 0xd0,
  RST7: 0xd7,
  EOI: 0xd9,
  SOS: 0xda,
  APP0: 0xe0,
  APP1: 0xe1,
  APP2: 0xe2,
  APP14: 0xee,
} as const;

const TEM = 0x01;
const HEAD_BYTES = 4;

/** A marker with what belongs to it: `[start, end)` of the image. */
export interface Segment {
  code: number;
  start: number;
  /** End of the segment; of a scan, end of its coded data. */
  end: number;
  /** What follows the marker and the length; empty for a marker that stands alone. */
  body: Bytes;
}

const isRestart = (code: number) => code >= MARKER.RST0 && code <= MARKER.RST7;

/** Start of the next marker at or after `from`, past stray bytes and fill bytes; -1 when there is none. */
function findMarker(bytes: Bytes, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const code = bytes[at + 1];
    if (code !== undefined && code !== 0 && code !== 0xff) return at;
  }
  return -1;
}

/** End of the coded data of a scan. Stuffed bytes, restarts and codes that damage alone makes belong to it. */
function endOfScan(bytes: Bytes, from: number): number {
  for (let at = findMarker(bytes, from); at !== -1; at = findMarker(bytes, at + 2)) {
    const code = bytes[at + 1] as number;
    if (code >= 0xc0 && !isRestart(code)) return at;
  }
  return bytes.length;
}

/**
 * Walks through the segments, each scan with its coded data.
 * @param bytes a JPEG from its SOI on
 * @returns the segments after the SOI up to the EOI, or up to where nothing more can be made of the bytes
 */
export function* segmentsOf(bytes: Bytes): Generator<Segment> {
  let at = findMarker(bytes, 2);
  while (at !== -1) {
    const code = bytes[at + 1] as number;
    let end = at + 2;
    let body = new Uint8Array();
    if (code !== MARKER.EOI && code !== TEM && !isRestart(code)) {
      const length = ((bytes[end] ?? 0) << 8) | (bytes[end + 1] ?? 0);
      if (code < 0xc0 || length < 2 || end + length > bytes.length) return;
      end += length;
      body = bytes.subarray(at + HEAD_BYTES, end);
    }
    if (code === MARKER.SOS) end = endOfScan(bytes, end);
    yield { code, start: at, end, body };
    if (code === MARKER.EOI) return;
    at = findMarker(bytes, end);
  }
}
