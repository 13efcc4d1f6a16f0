/** Signals between the seats of a room (SPEC.md §21.2): sealed to the recipient, signed by the sender, padded to few sizes. */
import { z } from 'zod';
import type { CborValue } from './cbor.ts';
import { encodeCbor } from './cbor.ts';
import { sign } from './keys.ts';
import type { Pair } from './pair.ts';
import { bytes, decodeAs, shortText, uint } from './schemas.ts';
import { platformHpke } from './sealing.ts';
import type { Bytes } from './wire/bytes.ts';
import { allZero, concat, lp, readU32, u32 } from './wire/bytes.ts';
import { RelayError } from './wire/errors.ts';
import {
  HASH_BYTES,
  MAX_MEMBERS,
  PROTOCOL_VERSION,
  SIGNAL_BOX_BYTES,
  SIGNATURE_BYTES,
} from './wire/limits.ts';
import { verifySignature } from './wire/primitives.ts';

const ENC_BYTES = 1_120;
const TAG_BYTES = 16;
const CONTENT_AT = SIGNATURE_BYTES + 4;
/** A page that takes part in a call names itself by so many random bytes. */
export const PAGE_ID_BYTES = 16;
/** Longest session description, in bytes of UTF-8. */
export const MAX_SDP_BYTES = 40_000;

const page = bytes(PAGE_ID_BYTES);
const media = { muted: z.boolean(), deafened: z.boolean(), camera: z.boolean() };

/** Bodies of signals, by kind. */
export const SIGNAL_BODIES = {
  /** Nothing but the acknowledgement that every signal carries. */
  ack: z.strictObject({}),
  /** How a page stands. The first signal from a seat; sent again when it changes. */
  state: z.strictObject({
    page,
    at: z.enum(['watching', 'in', 'declined', 'busy']),
    ...media,
    screen: z.boolean(),
    /** Everyone who may take part, as this page knows it. */
    members: z.array(bytes(HASH_BYTES)).min(2).max(MAX_MEMBERS),
    /** How long the call has been going on, and whether it still rings, as this page knows it. Milliseconds. */
    age: uint,
    rings: z.boolean(),
    /** Earlier pages of this member whose place this one takes. */
    takes: z.array(page).max(8),
    /** The page of the recipient that was in the call last, so many milliseconds ago, and how it stood. */
    was: z.strictObject({ page, ago: uint, ...media }).optional(),
  }),
  /** A session description (RFC 8829). */
  description: z.strictObject({ type: z.enum(['offer', 'answer']), sdp: shortText(MAX_SDP_BYTES).min(1) }),
  /** An ICE candidate (RFC 8839); an empty one ends a generation. */
  candidate: z.strictObject({
    candidate: shortText(1_024),
    mid: shortText(64),
    ufrag: shortText(256),
  }),
  /** The page leaves for good. */
  bye: z.strictObject({}),
} as const;

/** A kind of signal. */
export type SignalKind = keyof typeof SIGNAL_BODIES;
/** What a signal of each kind says. */
export type SignalBody<K extends SignalKind = SignalKind> = z.infer<(typeof SIGNAL_BODIES)[K]>;
/** What a page says of itself. */
export type StateBody = SignalBody<'state'>;

/** A signal with its place in the sequence from one seat to another. */
export type Signal = {
  [K in SignalKind]: {
    /** From 1, by one for each signal that is not an `ack`; an `ack` bears that of the last one. */
    n: number;
    /** The last one that arrived in the other direction; 0 before any. */
    ack: number;
    kind: K;
    body: SignalBody<K>;
  };
}[SignalKind];

/** Between which seats of which room a signal goes. */
export interface SignalRoute {
  /** The room's id, 32 bytes. */
  room: Uint8Array;
  /** Seats, 32 bytes each. */
  from: Uint8Array;
  to: Uint8Array;
}

const envelope = z.strictObject({ n: uint, ack: uint, kind: z.string(), body: z.unknown() });

function context(
  label: string,
  pair: Pair,
  direction: Pair['outgoing'],
  { room, from, to }: SignalRoute,
): Bytes {
  const { sender, recipient } = direction;
  return lp(
    label,
    Uint8Array.of(PROTOCOL_VERSION),
    pair.self.roster.circleId,
    sender,
    recipient,
    room,
    from,
    to,
  );
}

const signedOf = (pair: Pair, direction: Pair['outgoing'], route: SignalRoute, content: Uint8Array) =>
  concat(context('relay/1 signal body', pair, direction, route), lp(content));

/**
 * Seals a signal to a pair's peer.
 * @returns the box, of one of `SIGNAL_BOX_BYTES`
 * @throws RangeError when it fits none of them
 */
export async function sealSignal(pair: Pair, route: SignalRoute, signal: Signal): Promise<Bytes> {
  const content = encodeCbor(signal as unknown as CborValue);
  const direction = pair.outgoing;
  const signature = await sign(pair.self.keys.signing, signedOf(pair, direction, route, content));
  const needed = ENC_BYTES + TAG_BYTES + CONTENT_AT + content.length;
  const size = SIGNAL_BOX_BYTES.find((bucket) => bucket >= needed);
  if (size === undefined) throw new RangeError(`a signal of ${content.length} bytes does not fit`);
  const plaintext = new Uint8Array(size - ENC_BYTES - TAG_BYTES);
  plaintext.set(concat(signature, u32(content.length), content));
  const hpke = await platformHpke();
  const info = context('relay/1 signal', pair, direction, route);
  const { enc, ct } = await hpke.seal(pair.peerSealingKey, info, plaintext);
  return concat(enc, ct);
}

/**
 * Opens a signal from a pair's peer.
 * @throws RelayError `signal_forged` when it was not sealed for this member, these seats and this room, or is not signed by the peer;
 * `signal_malformed` when it is authentic and makes no sense
 */
export async function openSignal(pair: Pair, route: SignalRoute, box: Uint8Array): Promise<Signal> {
  const direction = pair.incoming;
  const hpke = await platformHpke();
  const info = context('relay/1 signal', pair, direction, route);
  let plaintext: Uint8Array;
  try {
    const sealed = { enc: box.slice(0, ENC_BYTES), ct: box.slice(ENC_BYTES) };
    plaintext = await hpke.open(pair.self.keys.sealing, info, sealed);
  } catch (cause) {
    throw new RelayError('signal_forged', undefined, { cause });
  }
  if (plaintext.length < CONTENT_AT) throw new RelayError('signal_malformed');
  const end = CONTENT_AT + readU32(plaintext, SIGNATURE_BYTES);
  if (end > plaintext.length || !allZero(plaintext.subarray(end))) throw new RelayError('signal_malformed');
  const content = plaintext.subarray(CONTENT_AT, end);
  const signed = signedOf(pair, direction, route, content);
  if (!(await verifySignature(direction.senderSigningKey, plaintext.subarray(0, SIGNATURE_BYTES), signed)))
    throw new RelayError('signal_forged');
  const { n, ack, kind, body } = decodeAs(envelope, content, 'signal_malformed');
  if (!Object.hasOwn(SIGNAL_BODIES, kind)) throw new RelayError('signal_malformed');
  const parsed = SIGNAL_BODIES[kind as SignalKind].safeParse(body);
  if (!parsed.success) throw new RelayError('signal_malformed', undefined, { cause: parsed.error });
  return { n, ack, kind, body: parsed.data } as Signal;
}
