/** One key of the relay's allowlist: taken off, or put back (SPEC.md §12). */
import type { Bytes } from '@relay/protocol/wire';
import { hex, parseAllowlist } from '@relay/protocol/wire';
import { UserFault } from '../faults.ts';
import type { AdminStore, StoredMember } from './member-store.ts';

/** Hexadecimal digits of a fingerprint that `identities list` shows. */
const LEAST_DIGITS = 16;
/** Those of a whole key hash. */
const MOST_DIGITS = 64;

/**
 * The beginning of a key hash as lower-case hexadecimal digits, from a fingerprint as people write it.
 * @throws UserFault `fingerprint_unknown` when it is none, or has fewer than 16 digits
 */
export function parseFingerprint(text: string): string {
  const digits = text.replaceAll(/[\s:-]/g, '').toLowerCase();
  if (/^[0-9a-f]+$/.test(digits) && digits.length >= LEAST_DIGITS && digits.length <= MOST_DIGITS)
    return digits;
  throw new UserFault(
    'fingerprint_unknown',
    `A fingerprint has at least four groups of four hexadecimal digits, as identities list shows them.`,
  );
}

function theOne<T>(found: readonly T[], complaint: string): T {
  const [one, another] = found;
  if (one === undefined) throw new UserFault('fingerprint_unknown', complaint);
  if (another !== undefined) {
    throw new UserFault('fingerprint_unknown', 'More than one key begins like this. Give more digits.');
  }
  return one;
}

/** What {@link revokeKey} takes. */
export interface RevokeOptions {
  /** As people write it. */
  fingerprint: string;
  /** Asked before the key is removed; rejects to keep it. */
  confirm?: (member: StoredMember) => Promise<void>;
}

/**
 * Takes a key off the relay's allowlist. Its mailbox is deleted; its sessions and sockets end at once.
 * @returns the key and the number of blobs that its mailbox had
 * @throws UserFault `fingerprint_unknown`; RelayError `unavailable`
 */
export async function revokeKey(
  store: Pick<AdminStore, 'listMembers' | 'revoke'>,
  { fingerprint, confirm = async () => {} }: RevokeOptions,
): Promise<StoredMember> {
  const digits = parseFingerprint(fingerprint);
  const unknown = 'The relay serves no key with this fingerprint: it was revoked already, or is mistyped.';
  const member = theOne(
    (await store.listMembers()).filter(({ keyHash }) => hex(keyHash).startsWith(digits)),
    unknown,
  );
  await confirm(member);
  if (!(await store.revoke(member.keyHash))) throw new UserFault('fingerprint_unknown', unknown);
  return member;
}

/** What {@link restoreKey} takes. */
export interface RestoreOptions {
  /** As people write it. */
  fingerprint: string;
  /** Text of an `allowed-keys-seed.json` that lists the key. */
  text: string;
}

/** What {@link restoreKey} did. */
export interface RestoredKey {
  /** 32 bytes. */
  circleId: Bytes;
  /** 32 bytes. */
  keyHash: Bytes;
  /** Whether the relay served it already. */
  wasThere: boolean;
}

/**
 * Puts one key of an allowlist back on the relay's, with an empty mailbox. Idempotent.
 * @throws RelayError `allowlist_invalid`, `circle_mismatch`, `unavailable`; UserFault `fingerprint_unknown`
 */
export async function restoreKey(
  store: Pick<AdminStore, 'seed'>,
  { fingerprint, text }: RestoreOptions,
): Promise<RestoredKey> {
  const digits = parseFingerprint(fingerprint);
  const { circleId, keyHashes } = parseAllowlist(text);
  const keyHash = theOne(
    keyHashes.filter((key) => hex(key).startsWith(digits)),
    'The allowlist has no key with this fingerprint. Use the allowlist that lists it.',
  );
  const { added } = await store.seed({ circleId, keyHashes: [keyHash] }, { prune: false });
  return { circleId, keyHash, wasThere: added === 0 };
}
