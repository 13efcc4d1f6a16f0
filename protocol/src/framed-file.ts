/** The frame of identity and circle key files (SPEC.md §2.1). */
import type { Bytes } from './wire/bytes.ts';
import { concat, equalBytes, fromUtf8, readU32, u32, utf8 } from './wire/bytes.ts';
import { HASH_BYTES } from './wire/limits.ts';
import { sha256 } from './wire/primitives.ts';

/** What can be wrong with a frame. */
export type FrameFault = 'foreign' | 'version' | 'truncated' | 'corrupt';

const MAGIC_BYTES = 8;
const HEADER_BYTES = MAGIC_BYTES + 4;

/** `magic ‖ length ‖ payload ‖ SHA-256`. The magic is 8 ASCII characters, the last one a version digit. */
export async function frameFile(magic: string, payload: Uint8Array): Promise<Bytes> {
  const framed = concat(utf8(magic), u32(payload.length), payload);
  return concat(framed, await sha256(framed));
}

function sameMagic(file: Uint8Array, magic: string, length: number): boolean {
  return equalBytes(file.subarray(0, length), utf8(magic.slice(0, length)));
}

/** The payload of a framed file, or what is wrong with it. */
export async function unframeFile(magic: string, file: Uint8Array): Promise<Bytes | FrameFault> {
  if (!sameMagic(file, magic, MAGIC_BYTES)) {
    const digit =
      file.length > MAGIC_BYTES &&
      sameMagic(file, magic, MAGIC_BYTES - 1) &&
      /\d/.test(safeText(file.subarray(7, 8)));
    if (digit) return 'version';
    const cut = file.length > 0 && file.length < MAGIC_BYTES && sameMagic(file, magic, file.length);
    return cut ? 'truncated' : 'foreign';
  }
  if (file.length < HEADER_BYTES) return 'truncated';
  const end = HEADER_BYTES + readU32(file, MAGIC_BYTES);
  if (file.length < end + HASH_BYTES) return 'truncated';
  if (file.length > end + HASH_BYTES) return 'corrupt';
  if (!equalBytes(await sha256(file.subarray(0, end)), file.subarray(end))) return 'corrupt';
  // A copy also where `file` is a Buffer, whose own slice is none: the payload is erased after use.
  return new Uint8Array(file.subarray(HEADER_BYTES, end));
}

function safeText(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    return '';
  }
}
