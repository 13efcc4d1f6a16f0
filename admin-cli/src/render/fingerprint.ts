import { fingerprintOf } from '@relay/protocol/wire';

const SHORT_LENGTH = '0000 0000 0000 0000'.length;

/** The first four groups of a fingerprint, to tell lines of a table apart. */
export function shortFingerprint(hash: Uint8Array): string {
  return fingerprintOf(hash).slice(0, SHORT_LENGTH);
}
