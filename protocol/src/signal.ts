/** Signals between the seats of a room (SPEC.md §21.2): sealed to the recipient, signed by the sender, padded to few sizes. */
import { z } from 'zod';
import type { CborValue } from './cbor.ts';
import { encodeCbor } from './cbor.ts';
import { sign } from './keys.ts';
import type { Direction, Pair } from './pair.ts';
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
/** What a box has around its content. */
const AROUND_BYTES = ENC_BYTES + TAG_BYTES + CONTENT_AT;
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
  /** The page ends its connection with the recipient: it leaves for good, unless a `state` follows, which begins anew. */
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
    /** From 1, by one for each signal that is not an `ack`; an `ack` bears that of the last one, 0 before any. */
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

function isKnown(kind: string): kind is SignalKind {
  return Object.hasOwn(SIGNAL_BODIES, kind);
}

/** @throws RelayError `signal_malformed` when it is no signal */
function checkSignal(value: unknown): Signal {
  const whole = envelope.safeParse(value);
  if (!whole.success) throw new RelayError('signal_malformed', undefined, { cause: whole.error });
  const { n, ack, kind, body } = whole.data;
  if (!isKnown(kind) || (n === 0 && kind !== 'ack')) throw new RelayError('signal_malformed');
  const parsed = SIGNAL_BODIES[kind].safeParse(body);
  if (!parsed.success) throw new RelayError('signal_malformed', undefined, { cause: parsed.error });
  // What is left out has no encoding, also where it was named.
  const said = Object.entries(parsed.data).filter(([, part]) => part !== undefined);
  return { n, ack, kind, body: Object.fromEntries(said) } as Signal;
}

/** The one size of box for a content of so many bytes; undefined when none is large enough. */
function boxBytesFor(content: number): number | undefined {
  return SIGNAL_BOX_BYTES.find((size) => size >= AROUND_BYTES + content);
}

function context(
  label: string,
  pair: Pair,
  { sender, recipient }: Direction,
  { room, from, to }: SignalRoute,
  ...more: Uint8Array[]
): Bytes {
  const { circleId } = pair.self.roster;
  return lp(label, Uint8Array.of(PROTOCOL_VERSION), circleId, sender, recipient, room, from, to, ...more);
}

const infoOf = (pair: Pair, direction: Direction, route: SignalRoute) =>
  context('relay/1 signal', pair, direction, route);
const signedOf = (pair: Pair, direction: Direction, route: SignalRoute, content: Uint8Array) =>
  context('relay/1 signal body', pair, direction, route, content);

/**
 * Seals a signal to a pair's peer.
 * @returns the box, of one of `SIGNAL_BOX_BYTES`
 * @throws RelayError `signal_malformed` when the recipient would refuse it, also for its size
 */
export async function sealSignal(pair: Pair, route: SignalRoute, signal: Signal): Promise<Bytes> {
  const content = encodeCbor(checkSignal(signal) as unknown as CborValue);
  const size = boxBytesFor(content.length);
  if (size === undefined) throw new RelayError('signal_malformed');
  const direction = pair.outgoing;
  const signature = await sign(pair.self.keys.signing, signedOf(pair, direction, route, content));
  const plaintext = new Uint8Array(size - ENC_BYTES - TAG_BYTES);
  plaintext.set(concat(signature, u32(content.length), content));
  const hpke = await platformHpke();
  const { enc, ct } = await hpke.seal(pair.peerSealingKey, infoOf(pair, direction, route), plaintext);
  return concat(enc, ct);
}

/** @throws RelayError `signal_forged` */
async function unseal(pair: Pair, route: SignalRoute, box: Uint8Array): Promise<Uint8Array> {
  if (!SIGNAL_BOX_BYTES.some((size) => size === box.length)) throw new RelayError('signal_forged');
  const hpke = await platformHpke();
  const sealed = { enc: box.slice(0, ENC_BYTES), ct: box.slice(ENC_BYTES) };
  try {
    return await hpke.open(pair.self.keys.sealing, infoOf(pair, pair.incoming, route), sealed);
  } catch (cause) {
    throw new RelayError('signal_forged', undefined, { cause });
  }
}

/**
 * Opens a signal from a pair's peer.
 * @throws RelayError `signal_forged` when it was not sealed for this member, these seats and this room, or is not signed by the peer;
 * `signal_malformed` when it is authentic and makes no sense
 */
export async function openSignal(pair: Pair, route: SignalRoute, box: Uint8Array): Promise<Signal> {
  const plaintext = await unseal(pair, route, box);
  const length = readU32(plaintext, SIGNATURE_BYTES);
  const end = CONTENT_AT + length;
  if (boxBytesFor(length) !== box.length || !allZero(plaintext.subarray(end)))
    throw new RelayError('signal_malformed');
  const content = plaintext.subarray(CONTENT_AT, end);
  const signature = plaintext.subarray(0, SIGNATURE_BYTES);
  const signed = signedOf(pair, pair.incoming, route, content);
  if (!(await verifySignature(pair.incoming.senderSigningKey, signature, signed)))
    throw new RelayError('signal_forged');
  return checkSignal(decodeAs(z.unknown(), content, 'signal_malformed'));
}
