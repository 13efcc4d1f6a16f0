import type { StoredMember } from '../services/member-store.ts';
import { shortFingerprint } from './fingerprint.ts';
import { counted, table } from './table.ts';

/** Members as `--json` prints them. */
export function membersJson(members: readonly StoredMember[]) {
  return members.map(({ keyHash, blobs }) => ({ fingerprint: shortFingerprint(keyHash), blobs }));
}

/** Members with the number of blobs in their mailboxes. */
export function membersTable(members: readonly StoredMember[]): string {
  const rows = members.map(({ keyHash, blobs }) => [shortFingerprint(keyHash), String(blobs)]);
  return table(['FINGERPRINT', 'BLOBS'], rows);
}

/** What `identities list` prints. The relay knows no names. */
export function membersText(members: readonly StoredMember[]): string {
  if (members.length === 0) {
    return 'The relay serves nobody yet. Tell it whom: relay-admin identities seed allowed-keys-seed.json\n';
  }
  return `The relay serves ${counted(members.length, 'member')}.\n\n${membersTable(members)}`;
}
