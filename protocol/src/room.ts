/** The room of a call (SPEC.md §21): what its members derive from the call's secret, and how they prove and recognise seats. */
import type { Identity } from './identity.ts';
import { sign, signingKeyPair } from './keys.ts';
import { hkdf, hmac, importHmacKey } from './symmetric.ts';
import type { Bytes } from './wire/bytes.ts';
import { concat, equalBytes, utf8 } from './wire/bytes.ts';
import { HASH_BYTES } from './wire/limits.ts';
import { randomBytes } from './wire/primitives.ts';
import type { JoinClaim } from './wire/room.ts';
import { joinMessage, roomIdOf } from './wire/room.ts';

const SALT_BYTES = 16;
const TAG_BYTES = 16;

/** What everyone who was invited holds. */
export interface Room {
  /** What the relay calls it, 32 bytes. */
  id: Bytes;
  /** Ed25519 public key, 32 bytes. */
  publicKey: Bytes;
  /** Proves the right to join. */
  signing: CryptoKey;
  /** HMAC key of the seats. */
  seatKey: CryptoKey;
}

/** A fresh secret for a call, 32 bytes. */
export function makeCallSecret(): Bytes {
  return randomBytes(HASH_BYTES);
}

/** Derives the room of a call's secret (32 bytes). */
export async function deriveRoom(secret: Uint8Array): Promise<Room> {
  const derive = (label: string) => hkdf(secret, new Uint8Array(), utf8(label), HASH_BYTES);
  const { privateKey, publicKey } = await signingKeyPair(await derive('relay/1 room key'));
  const seatKey = await importHmacKey(await derive('relay/1 seat key'));
  return { id: await roomIdOf(publicKey), publicKey, signing: privateKey, seatKey };
}

async function seatTag({ seatKey }: Room, salt: Uint8Array, keyHash: Uint8Array): Promise<Bytes> {
  return (await hmac(seatKey, concat(salt, keyHash))).slice(0, TAG_BYTES);
}

/**
 * A seat (32 bytes) for a member: random to the relay, and to the room's members a name.
 * @param salt 16 bytes, fresh unless given
 */
export async function makeSeat(
  room: Room,
  keyHash: Uint8Array,
  salt: Uint8Array = randomBytes(SALT_BYTES),
): Promise<Bytes> {
  return concat(salt, await seatTag(room, salt, keyHash));
}

/**
 * Whose seat it is.
 * @param members key hashes of those who may take part
 * @returns the key hash; undefined for a seat that none of them can have made
 */
export async function ownerOfSeat(
  room: Room,
  members: readonly Uint8Array[],
  seat: Uint8Array,
): Promise<Uint8Array | undefined> {
  const salt = seat.slice(0, SALT_BYTES);
  const tag = seat.slice(SALT_BYTES);
  for (const member of members) if (equalBytes(await seatTag(room, salt, member), tag)) return member;
  return undefined;
}

/** Proves the right to take a seat in a room, to the relay at `origin` for its nonce; 64 bytes. */
export function proveJoin(
  room: Room,
  self: Identity,
  claim: Pick<JoinClaim, 'origin' | 'nonce' | 'seat'>,
): Promise<Bytes> {
  const { circleId } = self.roster;
  const whole = { ...claim, circleId, roomKey: room.publicKey, keyHash: self.keys.keyHash };
  return sign(room.signing, joinMessage(whole));
}
