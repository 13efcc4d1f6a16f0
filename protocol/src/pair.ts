/** Pairwise secrets and what derives from them (SPEC.md §4, §5, §11). */
import type { CircleSecret, Identity } from './identity.ts';
import { agree, publicKeysOf } from './keys.ts';
import type { RosterMember } from './roster.ts';
import type { SealingPublicKey } from './sealing.ts';
import { platformHpke } from './sealing.ts';
import { expand, hkdf, importHmacKey, importRoot } from './symmetric.ts';
import type { Bytes } from './wire/bytes.ts';
import { compareBytes, lp } from './wire/bytes.ts';
import { HASH_BYTES } from './wire/limits.ts';
import { sha256 } from './wire/primitives.ts';

/** One direction of a pair: who seals for whom. */
export interface Direction {
  /** Key hash of the sender, 32 bytes. */
  sender: Bytes;
  /** Signing public key of the sender, 32 bytes. */
  senderSigningKey: Uint8Array;
  /** Key hash of the recipient, 32 bytes. */
  recipient: Bytes;
  /** HMAC key of the blob ids of this direction. */
  tagKey: CryptoKey;
}

/** What a member shares with one peer (itself included) under one circle secret. */
export interface Pair {
  self: Identity;
  peer: RosterMember;
  /** The peer's key to seal to. */
  peerSealingKey: SealingPublicKey;
  /** Serial of the roster that brought the circle secret. */
  serial: number;
  /** Keying material of everything below. */
  root: CryptoKey;
  /** From this member to the peer. */
  outgoing: Direction;
  /** From the peer to this member. */
  incoming: Direction;
}

/** Hashes of both capabilities of a blob, as an upload carries them, and their secrets. */
export interface Capabilities {
  /** 32 bytes each. */
  readSecret: Bytes;
  readHash: Bytes;
  deleteSecret: Bytes;
  deleteHash: Bytes;
}

/**
 * Derives what two members share. Both sides get the same root.
 * @throws Error when the peer's pairing key is degenerate
 */
export async function derivePair(
  self: Identity,
  peer: RosterMember,
  circleSecret: CircleSecret,
): Promise<Pair> {
  const own = self.keys.keyHash;
  const publicKeys = publicKeysOf(peer.bundle);
  const [lower, higher] = compareBytes(own, peer.keyHash) <= 0 ? [own, peer.keyHash] : [peer.keyHash, own];
  const info = lp('relay/1 pair', self.roster.circleId, lower, higher);
  const root = await importRoot(
    await hkdf(await agree(self.keys.pairing, publicKeys.pairing), circleSecret.secret, info, HASH_BYTES),
  );
  const direction = async (
    sender: Bytes,
    recipient: Bytes,
    senderBundle: Uint8Array,
  ): Promise<Direction> => ({
    sender,
    recipient,
    senderSigningKey: publicKeysOf(senderBundle).signing,
    tagKey: await importHmacKey(await expand(root, lp('relay/1 tag', sender, recipient), HASH_BYTES)),
  });
  return {
    self,
    peer,
    peerSealingKey: await (await platformHpke()).deserializePublicKey(publicKeys.sealing.slice()),
    serial: circleSecret.serial,
    root,
    outgoing: await direction(own, peer.keyHash, self.keys.bundle),
    incoming: await direction(peer.keyHash, own, peer.bundle),
  };
}

/** Key of the mask of one message blob, 32 bytes (SPEC.md §6). */
export async function maskKey(
  pair: Pair,
  { sender, recipient }: Direction,
  blobId: Uint8Array,
): Promise<Bytes> {
  return expand(pair.root, lp('relay/1 mask', sender, recipient, blobId), HASH_BYTES);
}

/** Both capabilities of a blob; sender and recipient compute the same ones (SPEC.md §11). */
export async function capabilitiesOf(pair: Pair, blobId: Uint8Array): Promise<Capabilities> {
  const [readSecret, deleteSecret] = await Promise.all([
    expand(pair.root, lp('relay/1 read', blobId), HASH_BYTES),
    expand(pair.root, lp('relay/1 delete', blobId), HASH_BYTES),
  ]);
  return {
    readSecret,
    readHash: await sha256(readSecret),
    deleteSecret,
    deleteHash: await sha256(deleteSecret),
  };
}
