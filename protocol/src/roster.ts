/** The signed roster (SPEC.md §3). */
import { z } from 'zod';
import { encodeCbor } from './cbor.ts';
import { sign } from './keys.ts';
import { bytes, decodeAs, plainText } from './schemas.ts';
import type { Bytes } from './wire/bytes.ts';
import { concat, equalBytes, lp } from './wire/bytes.ts';
import { RelayError } from './wire/errors.ts';
import { BUNDLE_BYTES, HASH_BYTES, MAX_MEMBERS, MIN_MEMBERS, SIGNATURE_BYTES } from './wire/limits.ts';
import { keyHashOf, sha256, verifySignature } from './wire/primitives.ts';

/** A member as every member knows it. */
export interface RosterMember {
  /** From 1. */
  number: number;
  /** 1 to 64 bytes of UTF-8. */
  label: string;
  /** 1,280 bytes. */
  bundle: Bytes;
  /** 32 bytes. */
  keyHash: Bytes;
}

/** A roster whose signature was verified. */
export interface Roster {
  /** 32 bytes. */
  circlePublicKey: Bytes;
  /** 32 bytes. */
  circleId: Bytes;
  /** From 1; higher is newer. */
  serial: number;
  /** Commitment to the circle secret, 32 bytes. */
  secretHash: Bytes;
  /** Sorted by number. */
  members: RosterMember[];
  /** 32 bytes. */
  hash: Bytes;
  /** Signature and roster, as they were read. */
  signed: Bytes;
}

/** What goes into a new roster. */
export interface RosterContent {
  /** 32 bytes. */
  circlePublicKey: Uint8Array;
  serial: number;
  /** 32 bytes; the roster holds only its hash. */
  circleSecret: Uint8Array;
  /** Sorted by number. */
  members: readonly { number: number; label: string; bundle: Uint8Array }[];
}

const labelText = plainText(64).min(1);

const rosterShape = z.strictObject({
  circle: bytes(HASH_BYTES),
  serial: z.number().int().positive(),
  secret: bytes(HASH_BYTES),
  members: z
    .array(
      z.strictObject({ number: z.number().int().positive(), label: labelText, bundle: bytes(BUNDLE_BYTES) }),
    )
    .min(MIN_MEMBERS)
    .max(MAX_MEMBERS),
});

/** Whether a text can be a member's label: 1 to 64 bytes of UTF-8 without control or bidirectional
 * formatting characters, which could make one label look like another. */
export function isLabel(text: string): boolean {
  return labelText.safeParse(text).success;
}

/** The circle id (32 bytes) of a circle's public key (32 bytes) (SPEC.md §2). */
export async function circleIdOf(circlePublicKey: Uint8Array): Promise<Bytes> {
  return sha256(lp('relay/1 circle', circlePublicKey));
}

/** The commitment (32 bytes) to a circle secret (32 bytes) (SPEC.md §3). */
export async function circleSecretHash(circleSecret: Uint8Array): Promise<Bytes> {
  return sha256(lp('relay/1 circle secret', circleSecret));
}

/** Encodes and signs a roster. */
export async function signRoster(content: RosterContent, circleKey: CryptoKey): Promise<Bytes> {
  const roster = encodeCbor({
    circle: content.circlePublicKey,
    serial: content.serial,
    secret: await circleSecretHash(content.circleSecret),
    members: content.members.map(({ number, label, bundle }) => ({ number, label, bundle })),
  });
  return concat(await sign(circleKey, lp('relay/1 roster', roster)), roster);
}

/**
 * Verifies and reads a signed roster.
 * @throws RelayError `roster_invalid` for a bad signature, another shape, or members out of order or not unique
 */
export async function openRoster(signed: Uint8Array): Promise<Roster> {
  const signature = signed.subarray(0, SIGNATURE_BYTES);
  const encoded = signed.subarray(SIGNATURE_BYTES);
  const roster = decodeAs(rosterShape, encoded, 'roster_invalid');
  if (!(await verifySignature(roster.circle, signature, lp('relay/1 roster', encoded))))
    throw new RelayError('roster_invalid');
  roster.members.forEach((member, i) => {
    const before = roster.members.slice(0, i);
    if (before.some((other) => other.number >= member.number || equalBytes(other.bundle, member.bundle))) {
      throw new RelayError('roster_invalid');
    }
  });
  return {
    circlePublicKey: roster.circle,
    circleId: await circleIdOf(roster.circle),
    serial: roster.serial,
    secretHash: roster.secret,
    members: await Promise.all(
      roster.members.map(async (member) => ({ ...member, keyHash: await keyHashOf(member.bundle) })),
    ),
    hash: await sha256(lp('relay/1 roster hash', encoded)),
    signed: signed.slice(),
  };
}
