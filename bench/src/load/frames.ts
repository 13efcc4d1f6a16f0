import { BLOB_BYTES, encodeUploadFrame, HASH_BYTES, randomBytes } from '@relay/protocol';

/** `getRandomValues` gives this much at once. */
const QUOTA = 65_536;

/** Makes upload frames of random bytes, as sealed blobs are. */
export function makeFrames(count: number): Uint8Array[] {
  if (BLOB_BYTES > QUOTA) throw new RangeError('a blob is filled in one piece');
  return Array.from({ length: count }, () =>
    encodeUploadFrame({
      id: randomBytes(16),
      readHash: randomBytes(HASH_BYTES),
      deleteHash: randomBytes(HASH_BYTES),
      blob: randomBytes(BLOB_BYTES),
    }),
  );
}
