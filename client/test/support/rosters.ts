/** A circle and the rosters that come after its first. */
import type { Bytes, IdentityContent, RosterContent } from '@relay/protocol';
import {
  deriveMemberKeys,
  generateCircle,
  hex,
  openRoster,
  randomBytes,
  sealRosterUpdate,
  signingKeyPair,
  signRoster,
  writeIdentityFile,
} from '@relay/protocol';
import { Vault } from '../../src/crypto/vault.ts';
import type { KeptNews } from '../../src/state/settings/setting-document.ts';

/** A line of a roster. */
export type Line = RosterContent['members'][number];

/** A roster update and what a member that it brings needs to open an identity. */
export interface Update {
  /** As the relay serves it. */
  bytes: Bytes;
  signedRoster: Bytes;
  circleSecret: Bytes;
  /** Roster hash, hexadecimal. */
  hash: string;
}

/** Whoever holds `circle.key`. */
export interface RosterMaker {
  allowlist: { circleId: Bytes; keyHashes: Bytes[] };
  /** Identity files of the first roster, by member number minus one. */
  files: Bytes[];
  /** Key hashes, hexadecimal, by member number minus one. */
  ids: string[];
  /** The first roster's members. */
  lines: Line[];
  /** Makes a roster of these members under a new circle secret. */
  update(serial: number, members: readonly Line[]): Promise<Update>;
  /** A new member of that number, and its identity file under an update that lists it. */
  recruit(
    number: number,
    label: string,
  ): Promise<{ line: Line; id: string; file(update: Update, serial: number): Promise<Bytes> }>;
}

/** Makes a circle with a member for each label. */
export async function rosterMaker(...labels: string[]): Promise<RosterMaker> {
  const { identities, circleKey, allowlist } = await generateCircle(labels);
  const first = await openRoster(circleKey.signedRoster);
  const circle = await signingKeyPair(circleKey.seed);
  const fileOf = (content: IdentityContent) => writeIdentityFile(content);
  return {
    files: await Promise.all(identities.map(fileOf)),
    allowlist,
    ids: allowlist.keyHashes.map(hex),
    lines: first.members,
    async update(serial, members) {
      const circleSecret = randomBytes(32);
      const content = { circlePublicKey: circle.publicKey, serial, circleSecret, members };
      const signedRoster = await signRoster(content, circle.privateKey);
      return {
        bytes: await sealRosterUpdate(signedRoster, circleSecret),
        signedRoster,
        circleSecret,
        hash: hex((await openRoster(signedRoster)).hash),
      };
    },
    async recruit(number, label) {
      const seed = randomBytes(32);
      const { bundle, keyHash } = await deriveMemberKeys(seed);
      return {
        line: { number, label, bundle },
        id: hex(keyHash),
        file: ({ signedRoster, circleSecret }, serial) =>
          fileOf({
            circlePublicKey: circle.publicKey,
            number,
            seed: seed.slice(),
            secrets: [{ serial, secret: circleSecret }],
            signedRoster,
          }),
      };
    },
  };
}

/** What a `RosterKeeper` keeps over a reload, in memory. */
export function keptRoster() {
  const kept = {
    rosterUpdate: undefined as Uint8Array | undefined,
    news: undefined as KeptNews | undefined,
    setRosterUpdate: (update: Uint8Array | undefined) => {
      kept.rosterUpdate = update;
    },
    setNews: (news: KeptNews | undefined) => {
      kept.news = news;
    },
  };
  return kept;
}

/** Opens an identity file in a vault of its own. */
export async function openVault(file: Uint8Array) {
  const vault = new Vault();
  return { vault, view: await vault.open(file.slice()) };
}
