import type { Bytes } from '@relay/protocol';
import { utf8 } from '@relay/protocol';
import { textAt } from './bytes.ts';

const ORIENTATION = 0x0112;
const SHORT = 3;
const TIFF_HEAD_BYTES = 8;
const ENTRY_BYTES = 12;

/**
 * Reads how an image is turned.
 * @param tiff an Exif block from its TIFF header on
 * @returns 1 (upright) to 8, or undefined when it is no such block or does not say
 */
export function readOrientation(tiff: Uint8Array): number | undefined {
  const order = textAt(tiff, 0, 2);
  if (tiff.length < TIFF_HEAD_BYTES || (order !== 'II' && order !== 'MM')) return undefined;
  const isLittle = order === 'II';
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  const directory = view.getUint32(4, isLittle);
  if (directory < TIFF_HEAD_BYTES || directory + 2 > tiff.length) return undefined;
  const end = directory + 2 + view.getUint16(directory, isLittle) * ENTRY_BYTES;
  // A directory without the four bytes that end it would make the block written for it the longer one.
  if (end + 4 > tiff.length) return undefined;
  for (let entry = directory + 2; entry < end; entry += ENTRY_BYTES) {
    if (view.getUint16(entry, isLittle) !== ORIENTATION) continue;
    const value = view.getUint16(entry + 8, isLittle);
    const isValid = view.getUint16(entry + 2, isLittle) === SHORT && value >= 1 && value <= 8;
    return isValid ? value : undefined;
  }
  return undefined;
}

/**
 * Writes how an image is turned, and nothing else.
 * @param orientation 1 to 8
 * @returns an Exif block from its TIFF header on, 26 bytes
 */
export function writeOrientation(orientation: number): Bytes {
  const tiff = new Uint8Array(TIFF_HEAD_BYTES + 2 + ENTRY_BYTES + 4);
  tiff.set(utf8('MM'));
  const view = new DataView(tiff.buffer);
  view.setUint16(2, 42);
  view.setUint32(4, TIFF_HEAD_BYTES);
  view.setUint16(8, 1);
  view.setUint16(10, ORIENTATION);
  view.setUint16(12, SHORT);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return tiff;
}
