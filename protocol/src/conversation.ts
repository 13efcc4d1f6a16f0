/** Conversation ids and group descriptors (SPEC.md §9). */
import { z } from 'zod';
import { KIND_PLACES } from './record-kinds.ts';
import { bytes } from './schemas.ts';
import type { Bytes } from './wire/bytes.ts';
import { compareBytes, equalBytes, lp } from './wire/bytes.ts';
import { RelayError } from './wire/errors.ts';
import { HASH_BYTES, MAX_MEMBERS, MIN_MEMBERS } from './wire/limits.ts';
import { sha256 } from './wire/primitives.ts';

const NONCE_BYTES = 16;

/** What defines a group; it travels in every record of the group. */
export interface GroupDescriptor {
  /** 16 bytes. */
  nonce: Bytes;
  /** Key hashes, sorted bytewise, 2 to 32. */
  members: Bytes[];
  /** Conversation id of the group that this one continues, or empty. */
  parent: Bytes;
}

/** Schema of a group descriptor. */
export const groupDescriptor = z.strictObject({
  nonce: bytes(NONCE_BYTES),
  members: z
    .array(bytes(HASH_BYTES))
    .min(MIN_MEMBERS)
    .max(MAX_MEMBERS)
    .refine(
      (list) => list.every((member, i) => i === 0 || compareBytes(list[i - 1] as Bytes, member) < 0),
      'sorted, unique',
    ),
  parent: bytes().refine(({ length }) => length === 0 || length === HASH_BYTES),
});

/** Id (32 bytes) of the conversation of two members, in either order; of a member's notes when both are the same. */
export async function directConversationId(
  circleId: Uint8Array,
  a: Uint8Array,
  b: Uint8Array,
): Promise<Bytes> {
  const [lower, higher] = compareBytes(a, b) <= 0 ? [a, b] : [b, a];
  return sha256(lp('relay/1 direct', circleId, lower, higher));
}

/** Id (32 bytes) of a group. */
export async function groupConversationId(circleId: Uint8Array, group: GroupDescriptor): Promise<Bytes> {
  return sha256(lp('relay/1 group', circleId, group.nonce, group.parent, ...group.members));
}

/**
 * The group in which the others go on when a member leaves: everyone computes the same one.
 * @param group the one that is left
 * @param conversationId its id, 32 bytes
 * @param leaver key hash of one of its members
 * @returns undefined when fewer than two remain: the group ends
 */
export async function leaveSuccessor(
  group: GroupDescriptor,
  conversationId: Uint8Array,
  leaver: Uint8Array,
): Promise<GroupDescriptor | undefined> {
  const members = group.members.filter((member) => !equalBytes(member, leaver));
  if (members.length < MIN_MEMBERS) return undefined;
  const nonce = (await sha256(lp('relay/1 leave', conversationId, leaver))).slice(0, NONCE_BYTES);
  return { nonce, members, parent: conversationId.slice() as Bytes };
}

/** What a record says of its conversation, and what may stand only in some. */
export interface ConversationClaim {
  /** 32 bytes. */
  conversation: Uint8Array;
  group?: GroupDescriptor | undefined;
  title?: unknown;
  kind: string;
}

function placeOf(group: GroupDescriptor | undefined, author: Uint8Array, peer: Uint8Array): string {
  if (group !== undefined) return 'group';
  return equalBytes(author, peer) ? 'notes' : 'direct';
}

/**
 * Checks that a record's conversation id is the one its members give, that both ends belong to it, and that the record's kind and
 * title have a meaning there.
 * @returns key hashes of the conversation's members, sorted
 * @throws RelayError `record_invalid`
 */
export async function checkConversation(
  circleId: Uint8Array,
  claim: ConversationClaim,
  author: Uint8Array,
  recipients: readonly Uint8Array[],
): Promise<Bytes[]> {
  const { group, conversation, kind, title } = claim;
  const ends = [author, ...recipients];
  const peer = recipients[0] ?? author;
  const place = placeOf(group, author, peer);
  const required = KIND_PLACES.get(kind) ?? place;
  if (required !== place || (title !== undefined && place !== 'group'))
    throw new RelayError('record_invalid');
  if (group === undefined) {
    const id = await directConversationId(circleId, author, peer);
    if (recipients.length > 1 || !equalBytes(id, conversation)) throw new RelayError('record_invalid');
    const both = [author, peer].map((end) => end.slice()).toSorted(compareBytes);
    return equalBytes(author, peer) ? both.slice(1) : both;
  }
  const listed = ends.every((end) => group.members.some((member) => equalBytes(member, end)));
  if (!listed || !equalBytes(await groupConversationId(circleId, group), conversation))
    throw new RelayError('record_invalid');
  return group.members;
}
