import { fingerprintOf } from '@relay/protocol/wire';
import type { StoredMember } from '../services/member-store.ts';
import type { SeededAllowlist } from '../services/seed-allowlist.ts';
import { membersJson, membersTable } from './members.ts';
import { counted } from './table.ts';

/** What `identities seed --json` prints. */
export function seededJson(seeded: SeededAllowlist) {
  return {
    circle: fingerprintOf(seeded.circleId),
    added: seeded.added,
    unchanged: seeded.unchanged,
    removed: membersJson(seeded.removed),
    extra: membersJson(seeded.extra),
  };
}

/** What `identities seed` prints. */
export function seededText({ circleId, added, unchanged, removed, extra }: SeededAllowlist): string {
  const counts = `Circle ${fingerprintOf(circleId)}: ${added} added, ${unchanged} unchanged.\n`;
  const gone =
    removed.length === 0
      ? ''
      : `\n${counted(removed.length, 'member')} removed, mailboxes included:\n\n${membersTable(removed)}`;
  const more =
    extra.length === 0
      ? ''
      : `\n${counted(extra.length, 'member')} of the server ${isOrAre(extra)} not in the file:\n\n${membersTable(extra)}
Nobody was removed. --prune removes members that the file lacks, and deletes their mailboxes.\n`;
  return counts + gone + more;
}

/** The question before members are removed. */
export function pruneQuestion(extra: readonly StoredMember[]): string {
  return `${counted(extra.length, 'member')} of the server ${isOrAre(extra)} not in the file:

${membersTable(extra)}
Removing a member deletes its mailbox with every message in it and ends its sessions. It cannot be undone.
`;
}

function isOrAre(members: readonly StoredMember[]): string {
  return members.length === 1 ? 'is' : 'are';
}
