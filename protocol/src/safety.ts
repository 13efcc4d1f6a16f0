/** Safety numbers: what two members compare to know that nobody swapped their keys (SPEC.md §4.1). */
import { hkdf } from './symmetric.ts';
import type { Bytes } from './wire/bytes.ts';
import { b64, compareBytes, fromB64, lp, utf8 } from './wire/bytes.ts';
import { HASH_BYTES } from './wire/limits.ts';
import { sha256 } from './wire/primitives.ts';

const GROUPS = 12;
const GROUP_DIGITS = 5;
/** Bytes that give one group; so many that no value of the group is noticeably likelier than another. */
const GROUP_BYTES = 5;
const CODE_PREFIX = 'relay-safety:1:';

/** The same for both members, and for no other pair. */
export interface SafetyNumber {
  /** 32 bytes. */
  hash: Bytes;
  /** For reading aloud: 12 groups of 5 decimal digits, with a space between two groups. */
  number: string;
  /** For scanning: the text of a QR code, 58 characters. */
  code: string;
}

function groupOf(bytes: Uint8Array): string {
  const value = bytes.reduce((total, byte) => total * 256 + byte, 0);
  return String(value % 10 ** GROUP_DIGITS).padStart(GROUP_DIGITS, '0');
}

/**
 * The safety number of two members, in either order.
 * @param circleId 32 bytes
 * @param a key hash of one, 32 bytes
 * @param b key hash of the other, 32 bytes
 */
export async function safetyNumberOf(
  circleId: Uint8Array,
  a: Uint8Array,
  b: Uint8Array,
): Promise<SafetyNumber> {
  const [lower, higher] = compareBytes(a, b) <= 0 ? [a, b] : [b, a];
  const hash = await sha256(lp('relay/1 safety number', circleId, lower, higher));
  const bytes = await hkdf(hash, new Uint8Array(), utf8('relay/1 safety digits'), GROUPS * GROUP_BYTES);
  const groups = Array.from({ length: GROUPS }, (_, i) =>
    groupOf(bytes.subarray(i * GROUP_BYTES, (i + 1) * GROUP_BYTES)),
  );
  return { hash, number: groups.join(' '), code: CODE_PREFIX + b64(hash) };
}

/**
 * Reads a scanned {@link SafetyNumber.code}.
 * @returns its hash, 32 bytes, to be compared with {@link SafetyNumber.hash}; undefined when the text is no such code
 */
export function readSafetyCode(text: string): Bytes | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith(CODE_PREFIX)) return undefined;
  try {
    const hash = fromB64(trimmed.slice(CODE_PREFIX.length));
    return hash.length === HASH_BYTES ? hash : undefined;
  } catch {
    return undefined;
  }
}
