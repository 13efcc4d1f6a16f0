/** Takes out of images what tells more than the image: where, when, with what and by whom it was made. */
import type { Bytes } from '@relay/protocol';
import { stripGif } from './image-metadata/gif.ts';
import { stripJpeg } from './image-metadata/jpeg.ts';
import { stripPng } from './image-metadata/png.ts';
import { stripWebp } from './image-metadata/webp.ts';
import { HEAD_BYTES, sniff } from './sniff.ts';

/** Bytes of the largest image that is loaded into memory. */
const MAX_BYTES = 100_000_000;

const STRIPPERS: ReadonlyMap<string | undefined, (bytes: Bytes) => Bytes[] | undefined> = new Map([
  ['image/jpeg', stripJpeg],
  ['image/png', stripPng],
  ['image/webp', stripWebp],
  ['image/gif', stripGif],
]);

/**
 * Strips an image of its metadata. Only what is needed to show it is kept, byte for byte: nothing is encoded anew.
 * The format is told by the content.
 * @param file at most 100 MB are loaded into memory
 * @returns the stripped image, never larger, of the same `type`; the file itself when it is larger than that, or no
 *   JPEG, PNG, WebP or GIF with a picture in it
 * @throws DOMException `NotReadableError` when the file can no longer be read
 */
export async function stripImageMetadata(file: Blob): Promise<Blob> {
  if (file.size > MAX_BYTES) return file;
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const strip = STRIPPERS.get(sniff(head)?.type);
  const parts = strip?.(new Uint8Array(await file.arrayBuffer()));
  return parts === undefined ? file : new Blob(parts, { type: file.type });
}
