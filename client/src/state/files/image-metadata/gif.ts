import type { Bytes } from '@relay/protocol';
import { concat, utf8 } from '@relay/protocol';
import { Kept, textAt } from './bytes.ts';

/** Signature and logical screen, before the colours. */
const HEAD_BYTES = 13;
/** Separator, place, size and flags of a frame. */
const FRAME_HEAD_BYTES = 10;
const EXTENSION = 0x21;
const FRAME = 0x2c;
const TRAILER = 0x3b;
/** Labels of the extensions that are shown. */
const CONTROL = 0xf9;
const APPLICATION = 0xff;

/** Bytes of the colour table that a byte of flags announces. */
const tableBytes = (flags = 0) => (flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0);

/** End of the sub-blocks from `start`, with the empty one that ends them; past the end of a file that is cut off. */
function endOfBlocks(bytes: Bytes, start: number): number {
  let at = start;
  for (let length = bytes[at]; length !== undefined && length > 0; length = bytes[at]) at += 1 + length;
  return at + 1;
}

/** The sub-blocks from `start`, without the empty one. */
function* blocksFrom(bytes: Bytes, start: number): Generator<Bytes> {
  let at = start;
  for (let length = bytes[at]; length !== undefined && length > 0; length = bytes[at]) {
    yield bytes.subarray(at + 1, at + 1 + length);
    at += 1 + length;
  }
}

/** What an extension is replaced by: timing and loop written anew, since both may have other blocks behind them. */
function shortened(label: number | undefined, bytes: Bytes, start: number): Bytes | undefined {
  if (label !== CONTROL && label !== APPLICATION) return undefined;
  const [first, ...rest] = blocksFrom(bytes, start);
  if (first === undefined) return undefined;
  if (label === CONTROL && first.length >= 4)
    return concat(Uint8Array.of(EXTENSION, CONTROL, 4), first.subarray(0, 4), Uint8Array.of(0));
  if (label !== APPLICATION || textAt(first, 0, first.length) !== 'NETSCAPE2.0') return undefined;
  const loop = rest.find((block) => block[0] === 1 && block.length >= 3);
  if (loop === undefined) return undefined;
  const head = Uint8Array.of(EXTENSION, APPLICATION, first.length);
  return concat(head, utf8('NETSCAPE2.0'), Uint8Array.of(3), loop.subarray(0, 3), Uint8Array.of(0));
}

/**
 * Strips a GIF: keeps the frames with their colours and timing and the loop of the animation, up to the trailer.
 * Browsers show an image that is cut off or damaged behind its first frame, so such a one is stripped as well.
 * @param bytes from the signature on
 * @returns the parts of the stripped image, or undefined when it has no frame
 */
export function stripGif(bytes: Bytes): Bytes[] | undefined {
  const kept = new Kept(bytes);
  let at = HEAD_BYTES + tableBytes(bytes[10]);
  kept.keep(0, at);
  let hasFrame = false;
  while (at < bytes.length) {
    const start = at;
    if (bytes[at] === EXTENSION) {
      const label = bytes[at + 1];
      at = endOfBlocks(bytes, start + 2);
      const short = at > bytes.length ? undefined : shortened(label, bytes, start + 2);
      if (short !== undefined) kept.put(short);
    } else if (bytes[at] === FRAME) {
      // The colours are followed by one byte, the size of the first codes.
      const data = at + FRAME_HEAD_BYTES + tableBytes(bytes[at + FRAME_HEAD_BYTES - 1]) + 1;
      at = endOfBlocks(bytes, data);
      kept.keep(start, at);
      hasFrame = true;
    } else {
      // Nothing behind a byte that begins no block is shown.
      kept.put(Uint8Array.of(TRAILER));
      break;
    }
  }
  return hasFrame ? kept.parts : undefined;
}
