/** The circles that every vector is about. */
import type { Bytes, CircleKey, Identity, IdentityContent, NewCircle, Pair } from '../../src/index.ts';
import {
  concat,
  deriveMemberKeys,
  derivePair,
  generateCircle,
  openIdentity,
  signingKeyPair,
  signRoster,
  writeIdentityFile,
} from '../../src/index.ts';

/** A circle of three, its state after member 2 was replaced, and a circle that has nothing to do with it. */
export interface Circles {
  circle: NewCircle;
  /** Identity files of the members 1 to 3. */
  files: Bytes[];
  /** `circle.key` after the replacement. */
  nextKey: CircleKey;
  /** Signed roster of serial 2. */
  nextRoster: Bytes;
  /** Circle secret of serial 2. */
  nextSecret: Bytes;
  /** Identity file of member 1 that includes the replacement. */
  nextFile: Bytes;
  /** Identity file of the one who replaces member 2. */
  newcomerFile: Bytes;
  /** Identity file of member 1 of the other circle. */
  foreignFile: Bytes;
}

/** A content whose secrets may be erased without touching the original. */
export function copyOf(content: IdentityContent): IdentityContent {
  return { ...content, seed: content.seed.slice() };
}

/** A member of the circle, by index. */
export async function identityOf(circle: NewCircle, index: number): Promise<Identity> {
  return openIdentity(copyOf(circle.identities[index] as IdentityContent));
}

/** What two members of a circle share under its newest secret. */
export async function pairOf(self: Identity, peerNumber: number): Promise<Pair> {
  const peer = self.roster.members.find(({ number }) => number === peerNumber);
  const secret = self.secrets[0];
  if (peer === undefined || secret === undefined) throw new TypeError('no such member');
  return derivePair(self, peer, secret);
}

/** Makes them. */
export async function makeCircles(random: (n: number) => Bytes): Promise<Circles> {
  const circle = await generateCircle(['Ada', 'Bo', 'Čeněk 🦉'], random);
  const foreign = await generateCircle(['Ada', 'Bo'], random);
  const [first, , third] = circle.identities as [IdentityContent, IdentityContent, IdentityContent];
  const newcomerSeed = random(32);
  const nextSecret = random(32);
  const { privateKey, publicKey } = await signingKeyPair(circle.circleKey.seed);
  const bundles = await Promise.all(
    [first.seed, newcomerSeed, third.seed].map((seed) => deriveMemberKeys(seed)),
  );
  const labels = ['Ada', 'Bo the second', 'Čeněk 🦉'];
  const members = bundles.map(({ bundle }, i) => ({ number: i + 1, label: labels[i] as string, bundle }));
  const content = { circlePublicKey: publicKey, serial: 2, circleSecret: nextSecret, members };
  const nextRoster = await signRoster(content, privateKey);
  const secrets = [{ serial: 2, secret: nextSecret }, ...first.secrets];
  const next = { ...first, secrets, signedRoster: nextRoster };
  const newcomer = { ...next, number: 2, seed: newcomerSeed, secrets: secrets.slice(0, 1) };
  return {
    circle,
    files: await Promise.all(circle.identities.map((identity) => writeIdentityFile(identity))),
    nextKey: { seed: circle.circleKey.seed, secrets, signedRoster: nextRoster },
    nextRoster,
    nextSecret,
    nextFile: await writeIdentityFile(next),
    newcomerFile: await writeIdentityFile(newcomer),
    foreignFile: await writeIdentityFile(foreign.identities[0] as IdentityContent),
  };
}

/** The same CBOR map with its length in a longer form than it needs: equal in meaning, refused for its encoding. */
export function longerForm(map: Uint8Array): Bytes {
  return concat(Uint8Array.of(0xb8, (map[0] as number) & 31), map.subarray(1));
}
