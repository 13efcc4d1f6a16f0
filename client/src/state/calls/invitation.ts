/** Invitations to calls, and the records that carry them (SPEC.md §21.3). */
import { fromHex, hex } from '@relay/protocol';
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { VaultClient } from '../../crypto/spawn.ts';

/** What an invitation says. Members in hexadecimal. */
export interface Invitation {
  secret: Uint8Array;
  /** Everyone invited, the caller included. */
  members: readonly string[];
  camera: boolean;
  /** Milliseconds from the Unix epoch. */
  until: number;
  /** Who called. */
  from: string;
  /** Conversations in which it was sent by this member, or the one in which it came. */
  conversations: readonly string[];
}

/** Names a secret in a map. */
export const nameOf = (secret: Uint8Array): string => hex(secret);

/** The id of a secret's room, hexadecimal. @throws whatever the vault throws */
export async function roomOf(vault: VaultClient, secret: Uint8Array): Promise<string> {
  const { handle, id } = await vault.openRoom(secret);
  await vault.closeRoom(handle);
  return id;
}

/** An invitation as a record says it. */
export function bodyOf({ secret, members, camera, until }: Invitation) {
  return { secret, members: members.map(fromHex), camera, until };
}

/** What the record of an invitation says. */
export function invitationOf(
  { author, conversation }: OpenedRecord,
  body: { secret: Uint8Array; members: readonly Uint8Array[]; camera: boolean; until: number },
): Invitation {
  const { secret, members, camera, until } = body;
  return { secret, members: members.map(hex), camera, until, from: author, conversations: [conversation] };
}
