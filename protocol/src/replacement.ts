/** A member is replaced by whoever keeps `circle.key` (SPEC.md §16). */
import type { CircleKey } from './circle.ts';
import type { IdentityContent } from './identity.ts';
import { MAX_CIRCLE_SECRETS } from './identity.ts';
import { deriveMemberKeys, signingKeyPair } from './keys.ts';
import type { Roster, RosterMember } from './roster.ts';
import { circleSecretHash, openRoster, signRoster } from './roster.ts';
import { sealRosterUpdate } from './roster-update.ts';
import type { Allowlist } from './wire/allowlist.ts';
import type { Bytes } from './wire/bytes.ts';
import { equalBytes } from './wire/bytes.ts';
import { RelayError } from './wire/errors.ts';
import { HASH_BYTES } from './wire/limits.ts';
import { randomBytes } from './wire/primitives.ts';

/** A `circle.key` whose parts belong together. */
export interface OpenedCircleKey {
  /** Signs rosters. */
  privateKey: CryptoKey;
  /** The newest roster that was made with it. */
  roster: Roster;
}

/** What comes of a replacement. Everything but allowlist and update is secret. */
export interface Replacement {
  /** The new holder of the number. It has the newest circle secret alone: nothing was ever sealed to its keys under an older one. */
  identity: IdentityContent;
  /** Takes the place of the one that was given. */
  circleKey: CircleKey;
  /** Of the new roster. */
  allowlist: Allowlist;
  /** For the relay to serve: 131,072 bytes. */
  update: Bytes;
  /** The member's line before. */
  before: RosterMember;
  /** The member's line now. */
  after: RosterMember;
}

/**
 * Checks that the parts of a `circle.key` belong together.
 * @throws RelayError `circle_key_invalid`
 */
export async function openCircleKey(key: CircleKey): Promise<OpenedCircleKey> {
  try {
    const { publicKey, privateKey } = await signingKeyPair(key.seed);
    const roster = await openRoster(key.signedRoster);
    const newest = key.secrets[0];
    const fits =
      newest !== undefined &&
      newest.serial === roster.serial &&
      equalBytes(roster.circlePublicKey, publicKey) &&
      equalBytes(await circleSecretHash(newest.secret), roster.secretHash);
    if (!fits) throw new TypeError('the parts of circle.key do not belong together');
    return { privateKey, roster };
  } catch (cause) {
    throw new RelayError('circle_key_invalid', undefined, { cause });
  }
}

/**
 * Gives a member new keys, in a roster with the next serial, under a new circle secret that is sealed to every member of it.
 * @param number the member's, as the roster in `circle.key` lists it
 * @param random source of 32-byte secrets; the platform's CSPRNG unless a test replaces it
 * @throws RelayError `circle_key_invalid`; RangeError when no member has that number
 */
export async function replaceMember(
  key: CircleKey,
  number: number,
  random: (n: number) => Bytes = randomBytes,
): Promise<Replacement> {
  const { privateKey, roster } = await openCircleKey(key);
  const { circlePublicKey } = roster;
  const before = roster.members.find((member) => member.number === number);
  if (before === undefined) throw new RangeError('no member has that number');
  const seed = random(HASH_BYTES);
  const secret = random(HASH_BYTES);
  const { bundle, keyHash } = await deriveMemberKeys(seed);
  const after = { ...before, bundle, keyHash };
  const members = roster.members.map((member) => (member.number === number ? after : member));
  const serial = roster.serial + 1;
  const content = { circlePublicKey, serial, circleSecret: secret, members };
  const signedRoster = await signRoster(content, privateKey);
  const newest = { serial, secret };
  return {
    identity: { circlePublicKey, number, seed, secrets: [newest], signedRoster },
    circleKey: {
      seed: key.seed,
      secrets: [newest, ...key.secrets].slice(0, MAX_CIRCLE_SECRETS),
      signedRoster,
    },
    allowlist: { circleId: roster.circleId, keyHashes: members.map((member) => member.keyHash) },
    update: await sealRosterUpdate(signedRoster, secret),
    before,
    after,
  };
}
