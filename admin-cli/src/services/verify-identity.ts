import { equalBytes, parseAllowlist } from '@relay/protocol/wire';
import type { InspectedIdentity } from './inspect-identity.ts';
import { inspectIdentity } from './inspect-identity.ts';

/** An identity file beside an allowlist. */
export interface ComparedAllowlist {
  /** Whether the list is of the circle that signed the file. */
  isSameCircle: boolean;
  /** Whether it lists the file's key. */
  listsKey: boolean;
  /** Whether it lists just the members of the file's roster. It does not when one of them was replaced since, which is no fault. */
  isSameRoster: boolean;
}

/** What {@link verifyIdentity} found. */
export interface VerifiedIdentity {
  identity: InspectedIdentity;
  /** Undefined when no allowlist was given. */
  allowlist: ComparedAllowlist | undefined;
  /** Whether the relay that was given this list will serve the file; true without a list. */
  holds: boolean;
}

/**
 * Verifies an identity file (SPEC.md §2.1), also against an allowlist.
 * @param askPassphrase called once, and only when the file has a passphrase
 * @param text of `allowed-keys-seed.json`, where there is one to compare with
 * @throws RelayError with the code of the check of the file that failed; `allowlist_invalid`
 */
export async function verifyIdentity(
  file: Uint8Array,
  askPassphrase: () => Promise<string>,
  text?: string,
): Promise<VerifiedIdentity> {
  const list = text === undefined ? undefined : parseAllowlist(text);
  const identity = await inspectIdentity(file, askPassphrase);
  if (list === undefined) return { identity, allowlist: undefined, holds: true };
  const lists = (keyHash: Uint8Array) => list.keyHashes.some((key) => equalBytes(key, keyHash));
  const allowlist = {
    isSameCircle: equalBytes(list.circleId, identity.circleId),
    listsKey: lists(identity.keyHash),
    isSameRoster:
      list.keyHashes.length === identity.members.length &&
      identity.members.every(({ keyHash }) => lists(keyHash)),
  };
  return { identity, allowlist, holds: allowlist.isSameCircle && allowlist.listsKey };
}
