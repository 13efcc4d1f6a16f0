/** Boxes of signals that no client would make: sealed to their recipient, with a wrong inside. */
import type { Bytes, Identity, Pair, SignalRoute } from '../../src/index.ts';
import { concat, lp, platformHpke, SIGNAL_BOX_BYTES, sign, u32 } from '../../src/index.ts';

/** What differs from a proper box. */
export interface SignalShaping {
  /** The signed content. */
  content: Uint8Array;
  /** The length that the plaintext claims. */
  contentLength?: number;
  /** The byte that fills the plaintext; 0 unless given. */
  padding?: number;
  /** Size of the box; the smallest one unless given. */
  size?: number;
  /** Who signs; the sender unless given. */
  signer?: Identity;
  /** The route that is signed; the one that is sealed for unless given. */
  signed?: Partial<SignalRoute>;
  /** The label that is signed. */
  label?: string;
}

/** Seals to the pair's peer. */
export async function sealShapedSignal(pair: Pair, route: SignalRoute, shape: SignalShaping): Promise<Bytes> {
  const { circleId } = pair.self.roster;
  const { sender, recipient } = pair.outgoing;
  const contextOf = ({ room, from, to }: SignalRoute) =>
    [Uint8Array.of(1), circleId, sender, recipient, room, from, to] as const;
  const { content } = shape;
  const signing = (shape.signer ?? pair.self).keys.signing;
  const context = contextOf({ ...route, ...shape.signed });
  const signature = await sign(signing, lp(shape.label ?? 'relay/1 signal body', ...context, content));
  const plaintext = new Uint8Array((shape.size ?? SIGNAL_BOX_BYTES[0]) - 1_136).fill(shape.padding ?? 0);
  plaintext.set(concat(signature, u32(shape.contentLength ?? content.length), content));
  const hpke = await platformHpke();
  const info = lp('relay/1 signal', ...contextOf(route));
  const { enc, ct } = await hpke.seal(pair.peerSealingKey, info, plaintext);
  return concat(enc, ct);
}
