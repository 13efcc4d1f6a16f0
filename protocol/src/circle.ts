/** Making a circle, offline (SPEC.md §2), and its key file (§2.2). */
import { z } from 'zod';
import { encodeCbor } from './cbor.ts';
import { frameFile, unframeFile } from './framed-file.ts';
import type { CircleSecret, IdentityContent } from './identity.ts';
import { circleSecrets } from './identity.ts';
import { deriveMemberKeys, signingKeyPair } from './keys.ts';
import { circleIdOf, isLabel, signRoster } from './roster.ts';
import { bytes, decodeAs } from './schemas.ts';
import { isPassphraseWrapped, unwrapWithPassphrase, wrapWithPassphrase } from './sealing.ts';
import type { Allowlist } from './wire/allowlist.ts';
import type { Bytes } from './wire/bytes.ts';
import { RelayError } from './wire/errors.ts';
import { HASH_BYTES, MAX_MEMBERS, MIN_MEMBERS } from './wire/limits.ts';
import { randomBytes } from './wire/primitives.ts';

/** First bytes of a circle key file. */
export const CIRCLE_KEY_MAGIC = 'RELAYCK1';

/** What `circle.key` holds: enough to replace a member. */
export interface CircleKey {
  /** Ed25519 seed, 32 bytes. */
  seed: Uint8Array;
  /** Newest first. */
  secrets: readonly { serial: number; secret: Uint8Array }[];
  signedRoster: Uint8Array;
}

/** A freshly made circle. Everything but the allowlist is secret. */
export interface NewCircle {
  identities: IdentityContent[];
  circleKey: CircleKey;
  allowlist: Allowlist;
}

const circleKeyShape = z.strictObject({ seed: bytes(HASH_BYTES), secrets: circleSecrets, roster: bytes() });

/**
 * Makes a circle with one member for each label, numbered from 1.
 * @param labels 2 to 32 labels, each 1 to 64 bytes of UTF-8
 * @param random source of 32-byte secrets; the platform's CSPRNG unless a test replaces it
 * @param onProgress called with the number of members made so far
 * @throws RangeError for a number or a form of labels that no roster can have
 */
export async function generateCircle(
  labels: readonly string[],
  random: (n: number) => Bytes = randomBytes,
  onProgress: (made: number) => void = () => {},
): Promise<NewCircle> {
  if (labels.length < MIN_MEMBERS || labels.length > MAX_MEMBERS || !labels.every(isLabel)) {
    throw new RangeError('a circle has 2 to 32 members with a label each');
  }
  const circleSeed = random(HASH_BYTES);
  const secret: CircleSecret = { serial: 1, secret: random(HASH_BYTES) };
  const circle = await signingKeyPair(circleSeed);
  const made = [];
  for (const [i, label] of labels.entries()) {
    const seed = random(HASH_BYTES);
    const { bundle, keyHash } = await deriveMemberKeys(seed);
    made.push({ number: i + 1, label, seed, bundle, keyHash });
    onProgress(made.length);
  }
  const content = {
    circlePublicKey: circle.publicKey,
    serial: 1,
    circleSecret: secret.secret,
    members: made,
  };
  const signedRoster = await signRoster(content, circle.privateKey);
  return {
    identities: made.map(({ number, seed }) => ({
      circlePublicKey: circle.publicKey,
      number,
      seed,
      secrets: [secret],
      signedRoster,
    })),
    circleKey: { seed: circleSeed, secrets: [secret], signedRoster },
    allowlist: {
      circleId: await circleIdOf(circle.publicKey),
      keyHashes: made.map(({ keyHash }) => keyHash),
    },
  };
}

/** Writes `circle.key`, wrapped in the age format when a passphrase is given. */
export async function writeCircleKey(key: CircleKey, passphrase?: string): Promise<Bytes> {
  const secrets = key.secrets.map(({ serial, secret }) => [serial, secret]);
  const file = await frameFile(
    CIRCLE_KEY_MAGIC,
    encodeCbor({ seed: key.seed, secrets, roster: key.signedRoster }),
  );
  return passphrase === undefined ? file : wrapWithPassphrase(file, passphrase);
}

/**
 * Reads `circle.key`.
 * @throws RelayError `identity_locked` or `identity_passphrase` where it is wrapped, else `circle_key_invalid`
 */
export async function readCircleKey(file: Uint8Array, passphrase?: string): Promise<CircleKey> {
  let plain = file;
  if (isPassphraseWrapped(file)) {
    if (passphrase === undefined)
      throw new RelayError('identity_locked', 'circle.key is protected by a passphrase. Enter it.');
    try {
      plain = await unwrapWithPassphrase(file, passphrase);
    } catch (cause) {
      throw new RelayError(
        'identity_passphrase',
        'The passphrase does not open this circle.key. Try again.',
        { cause },
      );
    }
  }
  const payload = await unframeFile(CIRCLE_KEY_MAGIC, plain);
  if (typeof payload === 'string') throw new RelayError('circle_key_invalid');
  const { seed, secrets, roster } = decodeAs(circleKeyShape, payload, 'circle_key_invalid');
  return { seed, secrets: secrets.map(([serial, secret]) => ({ serial, secret })), signedRoster: roster };
}
