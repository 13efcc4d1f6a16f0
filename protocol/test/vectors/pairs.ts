/** Pairs that the inputs of vectors name. */
import type { Identity, Pair } from '../../src/index.ts';
import { derivePair, loadIdentity } from '../../src/index.ts';
import type { Input } from './input.ts';

/** Every pair of a member, of the newest circle secret first. */
export async function pairsOf(self: Identity): Promise<Pair[]> {
  return Promise.all(
    self.secrets.flatMap((secret) => self.roster.members.map((peer) => derivePair(self, peer, secret))),
  );
}

/** What `self` shares with the member numbered `peer`. */
export async function pairWith(input: Input): Promise<Pair> {
  const self = await loadIdentity(input.bytes('self'));
  const peer = self.roster.members.find(({ number }) => number === input.number('peer'));
  const secret = self.secrets[0];
  if (peer === undefined || secret === undefined) throw new TypeError('no such peer');
  return derivePair(self, peer, secret);
}
