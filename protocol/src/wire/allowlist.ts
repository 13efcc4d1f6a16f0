import { z } from 'zod';
import type { Bytes } from './bytes.ts';
import { b64, compareBytes } from './bytes.ts';
import { RelayError } from './errors.ts';
import { b64Bytes } from './http.ts';
import { HASH_BYTES, MAX_MEMBERS, MIN_MEMBERS } from './limits.ts';

/** What `allowed-keys-seed.json` tells the relay (SPEC.md §2.3). */
export interface Allowlist {
  /** 32 bytes. */
  circleId: Bytes;
  /** Key hashes of 32 bytes, sorted, so that their order says nothing. */
  keyHashes: Bytes[];
}

const allowlistFile = z.strictObject({
  format: z.literal('relay-allowed-keys'),
  version: z.literal(1),
  circle: b64Bytes(HASH_BYTES),
  keys: z.array(b64Bytes(HASH_BYTES)).min(MIN_MEMBERS).max(MAX_MEMBERS),
});

/** The text of `allowed-keys-seed.json`. */
export function formatAllowlist(allowlist: Allowlist): string {
  const keys = allowlist.keyHashes.toSorted(compareBytes).map(b64);
  return `${JSON.stringify({ format: 'relay-allowed-keys', version: 1, circle: b64(allowlist.circleId), keys }, null, 2)}\n`;
}

/**
 * Reads the text of `allowed-keys-seed.json`.
 * @throws RelayError `allowlist_invalid` for broken JSON, another shape or a key that stands twice
 */
export function parseAllowlist(text: string): Allowlist {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new RelayError('allowlist_invalid', undefined, { cause });
  }
  const parsed = allowlistFile.safeParse(json);
  if (!parsed.success) throw new RelayError('allowlist_invalid', undefined, { cause: parsed.error });
  const keyHashes = parsed.data.keys.toSorted(compareBytes);
  if (keyHashes.some((key, i) => i > 0 && compareBytes(key, keyHashes[i - 1] as Bytes) === 0)) {
    throw new RelayError('allowlist_invalid', 'allowed-keys-seed.json lists a key twice.');
  }
  return { circleId: parsed.data.circle, keyHashes };
}
