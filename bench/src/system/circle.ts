import type { Allowlist, Identity, Pair } from '@relay/protocol';
import { derivePair, generateCircle, loadIdentity, writeIdentityFile } from '@relay/protocol';

/** A circle of two. */
export interface BenchCircle {
  allowlist: Allowlist;
  /** Identity files of sender and recipient. */
  files: readonly [Uint8Array, Uint8Array];
  sender: Identity;
  recipient: Identity;
  /** As the sender derives it. */
  toRecipient: Pair;
  /** As the recipient derives it. */
  fromSender: Pair;
}

/** Makes a circle. */
export async function makeCircle(): Promise<BenchCircle> {
  const { identities, allowlist } = await generateCircle(['Sender', 'Recipient']);
  const [first, second] = await Promise.all(identities.map((identity) => writeIdentityFile(identity)));
  if (!first || !second) throw new Error('a circle of two has two files');
  const [sender, recipient] = await Promise.all([loadIdentity(first), loadIdentity(second)]);
  return {
    allowlist,
    files: [first, second],
    sender,
    recipient,
    toRecipient: await pairOf(sender, recipient),
    fromSender: await pairOf(recipient, sender),
  };
}

function pairOf(self: Identity, peer: Identity): Promise<Pair> {
  const [secret] = self.secrets;
  if (!secret) throw new Error('an identity holds a circle secret');
  return derivePair(self, peer.member, secret);
}
