import { hex } from './bytes.ts';

/** A key hash (32 bytes) for people to compare: its first 16 bytes in eight groups of four hexadecimal digits (SPEC.md §2). */
export function fingerprintOf(keyHash: Uint8Array): string {
  return (hex(keyHash.subarray(0, 16)).match(/.{4}/g) ?? []).join(' ');
}
