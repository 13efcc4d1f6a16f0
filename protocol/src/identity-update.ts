/** A member after a roster update (SPEC.md §16), and its new identity file. */
import type { Identity, IdentityContent } from './identity.ts';
import { MAX_CIRCLE_SECRETS } from './identity.ts';
import { circleSecretHash } from './roster.ts';
import type { RosterUpdate } from './roster-update.ts';
import { releaseSecret } from './symmetric.ts';
import { equalBytes } from './wire/bytes.ts';
import { RelayError } from './wire/errors.ts';

/**
 * The same member under a newer roster. It keeps the circle secrets that it has, the oldest dropped beyond 8.
 * @param update from `openRosterUpdate`
 * @throws RelayError `roster_stale` when the roster is not newer, `roster_update_invalid` when it is not this member's
 */
export async function identityWithRoster(identity: Identity, update: RosterUpdate): Promise<Identity> {
  const { roster, circleSecret } = update;
  const member = roster.members.find(({ number }) => number === identity.member.number);
  const fits =
    member !== undefined &&
    equalBytes(member.bundle, identity.keys.bundle) &&
    equalBytes(roster.circlePublicKey, identity.roster.circlePublicKey) &&
    equalBytes(await circleSecretHash(circleSecret), roster.secretHash);
  if (!fits) throw new RelayError('roster_update_invalid');
  if (roster.serial <= identity.roster.serial) throw new RelayError('roster_stale');
  const secrets = [{ serial: roster.serial, secret: circleSecret }, ...identity.secrets];
  return { ...identity, member, roster, secrets: secrets.slice(0, MAX_CIRCLE_SECRETS) };
}

/**
 * What a new identity file of this member holds, for `writeIdentityFile`. It contains the seed: erase it (`seed.fill(0)`) once the
 * file is written.
 */
export async function identityFileContent(identity: Identity): Promise<IdentityContent> {
  return {
    circlePublicKey: identity.roster.circlePublicKey,
    number: identity.member.number,
    seed: await releaseSecret(identity.seed),
    secrets: identity.secrets,
    signedRoster: identity.roster.signed,
  };
}
