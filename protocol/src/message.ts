/** Message blobs (SPEC.md §6) and the sent log, which has the same form (§10). */
import { z } from 'zod';
import type { BLOB_KIND } from './blob-id.ts';
import { makeBlobId } from './blob-id.ts';
import type { CborValue } from './cbor.ts';
import { encodeCbor } from './cbor.ts';
import { sign } from './keys.ts';
import type { Direction, Pair } from './pair.ts';
import { maskKey } from './pair.ts';
import { bytes, decodeAs, uint } from './schemas.ts';
import { platformHpke } from './sealing.ts';
import { keyStream, xor } from './symmetric.ts';
import type { Bytes } from './wire/bytes.ts';
import { allZero, concat, lp, readU32, u32 } from './wire/bytes.ts';
import { RelayError } from './wire/errors.ts';
import { BLOB_BYTES, HASH_BYTES, PROTOCOL_VERSION, SIGNATURE_BYTES } from './wire/limits.ts';
import { verifySignature } from './wire/primitives.ts';

/** Encapsulated key at the head of a message blob. */
const ENC_BYTES = 1_120;
const TAG_BYTES = 16;
const PLAINTEXT_BYTES = BLOB_BYTES - ENC_BYTES - TAG_BYTES;
const BODY_AT = SIGNATURE_BYTES + 4;
/** The largest body of a message blob, in bytes. */
export const MAX_BODY_BYTES = PLAINTEXT_BYTES - BODY_AT;

/** Kinds of blob that have the form of a message. */
export type MessageKind = typeof BLOB_KIND.message | typeof BLOB_KIND.sentLog;

/** One record inside a message blob. */
export interface BodyRecord {
  /** The record's bytes, the same for every recipient (SPEC.md §8). */
  content: Uint8Array;
  /** CBOR map for this recipient alone. */
  private: { readonly [key: string]: CborValue };
}

/** What a sender says of the relay's issuer key. */
export interface IssuerStatement {
  epoch: number;
  /** `issuerKeyHash`, 32 bytes. */
  hash: Uint8Array;
  /** The hour, counted from the Unix epoch, in which the relay told that this one is the newest. */
  hour: number;
}

/** What a message blob says. */
export interface MessageBody {
  /** The sender's roster. */
  roster: { serial: number; hash: Uint8Array };
  /** The newest issuer key that the relay has told the sender of (SPEC.md §22.3); absent where it has told none yet. */
  issuer?: IssuerStatement;
  records: readonly BodyRecord[];
}

/** A blob that is ready for upload. */
export interface SealedBlob {
  /** 16 bytes. */
  id: Bytes;
  /** 65,536 bytes. */
  blob: Bytes;
}

const hour = uint.max(0xffff_ffff);

const bodyShape = z.strictObject({
  roster: z.tuple([z.number().int().positive(), bytes(HASH_BYTES)]),
  issuer: z.tuple([hour, bytes(HASH_BYTES), hour]).optional(),
  records: z.array(z.tuple([bytes(), z.record(z.string(), z.unknown())])).min(1),
});

function encodeBody(body: MessageBody): Bytes {
  return encodeCbor({
    roster: [body.roster.serial, body.roster.hash],
    ...(body.issuer && { issuer: [body.issuer.epoch, body.issuer.hash, body.issuer.hour] }),
    records: body.records.map((record) => [record.content, record.private]),
  });
}

/** Whether these records fit one message blob together. */
export function fitsOneBlob(body: MessageBody): boolean {
  return encodeBody(body).length <= MAX_BODY_BYTES;
}

function context(
  label: string,
  pair: Pair,
  { sender, recipient }: Direction,
  blobId: Uint8Array,
  ...more: Uint8Array[]
): Bytes {
  return lp(
    label,
    Uint8Array.of(PROTOCOL_VERSION),
    pair.self.roster.circleId,
    sender,
    recipient,
    blobId,
    ...more,
  );
}

const infoOf = (pair: Pair, direction: Direction, blobId: Uint8Array) =>
  context('relay/1 message', pair, direction, blobId);
const signedOf = (pair: Pair, direction: Direction, blobId: Uint8Array, body: Uint8Array) =>
  context('relay/1 body', pair, direction, blobId, body);

/**
 * Seals records to a pair's peer, signed by this member.
 * @throws RangeError when the body is larger than {@link MAX_BODY_BYTES}; see {@link fitsOneBlob}
 */
export async function sealMessage(pair: Pair, kind: MessageKind, body: MessageBody): Promise<SealedBlob> {
  const encoded = encodeBody(body);
  if (encoded.length > MAX_BODY_BYTES)
    throw new RangeError(`a body of ${encoded.length} bytes does not fit a blob`);
  const direction = pair.outgoing;
  const id = await makeBlobId(direction, kind);
  const signature = await sign(pair.self.keys.signing, signedOf(pair, direction, id, encoded));
  const plaintext = new Uint8Array(PLAINTEXT_BYTES);
  plaintext.set(concat(signature, u32(encoded.length), encoded));
  const hpke = await platformHpke();
  const { enc, ct } = await hpke.seal(pair.peerSealingKey, infoOf(pair, direction, id), plaintext);
  const mask = await keyStream(await maskKey(pair, direction, id), ENC_BYTES);
  return { id, blob: concat(xor(enc, mask), ct) };
}

/**
 * Opens a message blob that this member received.
 * @param pair the pair that recognised the blob's id
 * @throws RelayError `blob_size`, `blob_forged` (does not open, or is not signed by the peer) or `blob_malformed`
 */
export async function openMessage(pair: Pair, blobId: Uint8Array, blob: Uint8Array): Promise<MessageBody> {
  if (blob.length !== BLOB_BYTES) throw new RelayError('blob_size');
  const direction = pair.incoming;
  const mask = await keyStream(await maskKey(pair, direction, blobId), ENC_BYTES);
  const sealed = { enc: xor(blob.subarray(0, ENC_BYTES), mask), ct: blob.slice(ENC_BYTES) };
  const hpke = await platformHpke();
  let plaintext: Uint8Array;
  try {
    plaintext = await hpke.open(pair.self.keys.sealing, infoOf(pair, direction, blobId), sealed);
  } catch (cause) {
    throw new RelayError('blob_forged', undefined, { cause });
  }
  const length = readU32(plaintext, SIGNATURE_BYTES);
  const end = BODY_AT + length;
  if (length > MAX_BODY_BYTES || !allZero(plaintext.subarray(end))) throw new RelayError('blob_malformed');
  const encoded = plaintext.subarray(BODY_AT, end);
  const signature = plaintext.subarray(0, SIGNATURE_BYTES);
  if (
    !(await verifySignature(
      direction.senderSigningKey,
      signature,
      signedOf(pair, direction, blobId, encoded),
    ))
  ) {
    throw new RelayError('blob_forged');
  }
  const body = decodeAs(bodyShape, encoded, 'blob_malformed');
  const [serial, hash] = body.roster;
  const [epoch, issuerHash, told] = body.issuer ?? [];
  return {
    roster: { serial, hash },
    ...(epoch === undefined || issuerHash === undefined || told === undefined
      ? {}
      : { issuer: { epoch, hash: issuerHash, hour: told } }),
    records: body.records.map(([content, part]) => ({ content, private: part as BodyRecord['private'] })),
  };
}
