/** The identity file (SPEC.md §2.1). */
import { z } from 'zod';
import { encodeCbor } from './cbor.ts';
import type { FrameFault } from './framed-file.ts';
import { frameFile, unframeFile } from './framed-file.ts';
import type { MemberKeys } from './keys.ts';
import { deriveMemberKeys } from './keys.ts';
import type { Roster, RosterMember } from './roster.ts';
import { circleSecretHash, openRoster } from './roster.ts';
import { bytes, decodeAs } from './schemas.ts';
import { isPassphraseWrapped, unwrapWithPassphrase, wrapWithPassphrase } from './sealing.ts';
import type { KeptSecret } from './symmetric.ts';
import { keepSecret } from './symmetric.ts';
import type { Bytes } from './wire/bytes.ts';
import { equalBytes } from './wire/bytes.ts';
import type { ErrorCode } from './wire/errors.ts';
import { isRelayError, RelayError } from './wire/errors.ts';
import { HASH_BYTES } from './wire/limits.ts';

/** First bytes of an identity file. */
export const IDENTITY_MAGIC = 'RELAYID1';

/** A circle secret and the serial of the roster that brought it. */
export interface CircleSecret {
  serial: number;
  /** 32 bytes. */
  secret: Bytes;
}

/** What an identity file holds, before any check of its meaning. */
export interface IdentityContent {
  /** 32 bytes. */
  circlePublicKey: Uint8Array;
  number: number;
  /** 32 bytes. */
  seed: Uint8Array;
  /** Newest first, 1 to 8. */
  secrets: readonly { serial: number; secret: Uint8Array }[];
  /** Signed roster. */
  signedRoster: Uint8Array;
}

/** A member that holds its own keys: the meaning of an identity file, all checks passed. */
export interface Identity {
  /** This member's own line of the roster. */
  member: RosterMember;
  keys: MemberKeys;
  /** What all keys derive from, for a new identity file. */
  seed: KeptSecret;
  roster: Roster;
  /** Newest first. */
  secrets: CircleSecret[];
}

/** Most circle secrets that a member keeps. */
export const MAX_CIRCLE_SECRETS = 8;

/** Schema of a list of circle secrets, newest first. */
export const circleSecrets = z
  .array(z.tuple([z.number().int().positive(), bytes(HASH_BYTES)]))
  .min(1)
  .max(MAX_CIRCLE_SECRETS)
  .refine((list) => list.every(([serial], i) => i === 0 || serial < (list[i - 1]?.[0] ?? 0)), 'newest first');

const identityShape = z.strictObject({
  circle: bytes(HASH_BYTES),
  number: z.number().int().positive(),
  seed: bytes(HASH_BYTES),
  secrets: circleSecrets,
  roster: bytes(),
});

const FAULTS: Record<FrameFault, ErrorCode> = {
  foreign: 'identity_foreign',
  version: 'identity_version',
  truncated: 'identity_truncated',
  corrupt: 'identity_corrupt',
};

/**
 * Writes an identity file.
 * @param passphrase wraps it in the age format when given
 */
export async function writeIdentityFile(content: IdentityContent, passphrase?: string): Promise<Bytes> {
  const payload = encodeCbor({
    circle: content.circlePublicKey,
    number: content.number,
    seed: content.seed,
    secrets: content.secrets.map(({ serial, secret }) => [serial, secret]),
    roster: content.signedRoster,
  });
  const file = await frameFile(IDENTITY_MAGIC, payload);
  return passphrase === undefined ? file : wrapWithPassphrase(file, passphrase);
}

async function unwrap(file: Uint8Array, passphrase: string | undefined): Promise<Uint8Array> {
  if (!isPassphraseWrapped(file)) return file;
  if (passphrase === undefined) throw new RelayError('identity_locked');
  try {
    return await unwrapWithPassphrase(file, passphrase);
  } catch (cause) {
    throw new RelayError('identity_passphrase', undefined, { cause });
  }
}

/**
 * Reads the content of an identity file, without checking that its parts fit each other; {@link openIdentity} does.
 * @throws RelayError `identity_locked`, `identity_passphrase`, `identity_foreign`, `identity_version`, `identity_truncated` or
 * `identity_corrupt`
 */
export async function readIdentityFile(file: Uint8Array, passphrase?: string): Promise<IdentityContent> {
  const payload = await unframeFile(IDENTITY_MAGIC, await unwrap(file, passphrase));
  if (typeof payload === 'string') throw new RelayError(FAULTS[payload]);
  const { circle, number, seed, secrets, roster } = decodeAs(identityShape, payload, 'identity_corrupt');
  payload.fill(0);
  return {
    circlePublicKey: circle,
    number,
    seed,
    secrets: secrets.map(([serial, secret]) => ({ serial, secret })),
    signedRoster: roster,
  };
}

/**
 * Checks that the parts of an identity belong together, and derives its keys. The content's seed is erased.
 * @throws RelayError `identity_inconsistent`
 */
export async function openIdentity(content: IdentityContent): Promise<Identity> {
  try {
    const roster = await openRoster(content.signedRoster);
    const keys = await deriveMemberKeys(content.seed);
    const member = roster.members.find(({ number }) => number === content.number);
    const newest = content.secrets[0];
    const fits =
      member !== undefined &&
      newest !== undefined &&
      newest.serial === roster.serial &&
      equalBytes(roster.circlePublicKey, content.circlePublicKey) &&
      equalBytes(member.bundle, keys.bundle) &&
      equalBytes(await circleSecretHash(newest.secret), roster.secretHash);
    if (!fits) throw new RelayError('identity_inconsistent');
    const secrets = content.secrets.map(({ serial, secret }) => ({
      serial,
      secret: secret.slice() as Bytes,
    }));
    return { member, keys, seed: await keepSecret(content.seed), roster, secrets };
  } catch (cause) {
    if (isRelayError(cause, 'identity_inconsistent')) throw cause;
    throw new RelayError('identity_inconsistent', undefined, { cause });
  } finally {
    content.seed.fill(0);
  }
}

/** {@link readIdentityFile}, then {@link openIdentity}. */
export async function loadIdentity(file: Uint8Array, passphrase?: string): Promise<Identity> {
  return openIdentity(await readIdentityFile(file, passphrase));
}
