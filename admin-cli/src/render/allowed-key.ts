import { fingerprintOf } from '@relay/protocol/wire';
import type { RestoredKey, StoredMember } from '../services/index.ts';
import { counted } from './table.ts';

/** The question before a key is revoked. */
export function revokeQuestion({ keyHash, blobs }: StoredMember): string {
  return `The key ${fingerprintOf(keyHash)} will be refused at once, and its mailbox with ${counted(blobs, 'blob')} deleted.
Messages that were not fetched are gone. identities restore lets the key in again, with an empty mailbox.
`;
}

/** What `identities revoke --json` prints. */
export function revokedJson({ keyHash, blobs }: StoredMember) {
  return { fingerprint: fingerprintOf(keyHash), blobs };
}

/** What `identities revoke` prints. */
export function revokedText({ keyHash, blobs }: StoredMember): string {
  return `Revoked ${fingerprintOf(keyHash)}: ${counted(blobs, 'blob')} deleted, sessions and sockets ended.

Upload tickets that it bought run out within minutes, TURN credentials within TURN_TTL_SECONDS (an hour unless set).
If its identity file is in other hands, replace the member: relay-admin identities replace NUMBER, on the offline machine.
`;
}

/** What `identities restore --json` prints. */
export function restoredJson({ circleId, keyHash, wasThere }: RestoredKey) {
  return { circle: fingerprintOf(circleId), fingerprint: fingerprintOf(keyHash), restored: !wasThere };
}

/** What `identities restore` prints. */
export function restoredText({ keyHash, wasThere }: RestoredKey): string {
  return wasThere
    ? `The relay serves ${fingerprintOf(keyHash)} already. Nothing was changed.\n`
    : `Restored ${fingerprintOf(keyHash)}: the relay serves it again, with an empty mailbox.\n`;
}
