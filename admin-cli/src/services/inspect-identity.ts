import type { Bytes, RosterMember } from '@relay/protocol';
import { isPassphraseWrapped, loadIdentity } from '@relay/protocol';

/** What an identity file tells about itself. Nothing in it is secret. */
export interface InspectedIdentity {
  number: number;
  label: string;
  /** 32 bytes. */
  keyHash: Bytes;
  /** 32 bytes. */
  circleId: Bytes;
  /** Of the roster; higher is newer. */
  serial: number;
  /** Whether the file has a passphrase. */
  wrapped: boolean;
  members: Pick<RosterMember, 'number' | 'label' | 'keyHash'>[];
}

/**
 * Verifies an identity file (SPEC.md §2.1) and tells what is in it.
 * @param askPassphrase called once, and only when the file has a passphrase
 * @throws RelayError with the code of the check that failed
 */
export async function inspectIdentity(
  file: Uint8Array,
  askPassphrase: () => Promise<string>,
): Promise<InspectedIdentity> {
  const wrapped = isPassphraseWrapped(file);
  const { member, roster } = await loadIdentity(file, wrapped ? await askPassphrase() : undefined);
  return {
    number: member.number,
    label: member.label,
    keyHash: member.keyHash,
    circleId: roster.circleId,
    serial: roster.serial,
    wrapped,
    members: roster.members.map(({ number, label, keyHash }) => ({ number, label, keyHash })),
  };
}
