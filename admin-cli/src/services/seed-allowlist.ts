import type { Bytes } from '@relay/protocol/wire';
import { equalBytes, parseAllowlist } from '@relay/protocol/wire';
import type { AdminStore, StoredMember } from './member-store.ts';

/** What {@link seedAllowlist} takes. */
export interface SeedOptions {
  /** Text of `allowed-keys-seed.json`. */
  text: string;
  /** Removes members that the list lacks, with their mailboxes. */
  prune?: boolean;
  /** Asked before anybody is removed; rejects to keep them. */
  confirmPrune?: (extra: readonly StoredMember[]) => Promise<void>;
}

/** What {@link seedAllowlist} did. */
export interface SeededAllowlist {
  /** 32 bytes. */
  circleId: Bytes;
  /** Members that are new at the relay. */
  added: number;
  /** Members that it served already. */
  unchanged: number;
  /** Members that were removed with their mailboxes; none without `prune`. */
  removed: readonly StoredMember[];
  /** Members that the relay serves though the list lacks them. */
  extra: readonly StoredMember[];
}

/**
 * Tells the relay whom to serve (SPEC.md §2.3). Idempotent; removes nobody unless asked to.
 * @throws RelayError `allowlist_invalid`; `circle_mismatch` when the relay serves another circle; `unavailable`
 */
export async function seedAllowlist(
  store: Pick<AdminStore, 'seed' | 'listMembers'>,
  options: SeedOptions,
): Promise<SeededAllowlist> {
  const { text, prune = false, confirmPrune = async () => {} } = options;
  const allowlist = parseAllowlist(text);
  const { circleId, keyHashes } = allowlist;
  // Seeding without pruning first shows whether it is the right circle, and whom to ask about.
  const { added, unchanged, kept } = await store.seed(allowlist, { prune: false });
  const listed = ({ keyHash }: StoredMember) => keyHashes.some((key) => equalBytes(key, keyHash));
  const extra = kept === 0 ? [] : (await store.listMembers()).filter((member) => !listed(member));
  if (!prune || extra.length === 0) return { circleId, added, unchanged, removed: [], extra };
  await confirmPrune(extra);
  await store.seed(allowlist, { prune: true });
  return { circleId, added, unchanged, removed: extra, extra: [] };
}
