import type { TurnSecret, TurnSecrets } from '@relay/server/turn';
import { UserFault } from '../faults.ts';

/** What a secret is there for: to be used soon, to make credentials, or to accept those that it made. */
export type SecretState = 'pending' | 'minting' | 'accepted';

/** A secret as it may be shown. */
export interface SecretStatus {
  /** 1 is the oldest in the file. */
  generation: number;
  state: SecretState;
  /** From when on it makes credentials, in Unix seconds. */
  mintFrom: number;
  /** When it is no longer accepted, in Unix seconds; undefined while nothing follows it. */
  dies: number | undefined;
}

/** What {@link inspectSecrets} found. */
export interface SecretsStatus {
  /** When it looked, in Unix seconds. */
  now: number;
  /** Those alive, oldest first. */
  secrets: readonly SecretStatus[];
}

/** What {@link rotateSecrets} did. */
export interface Rotation {
  /** When it was done, in Unix seconds. */
  now: number;
  /** From when on new credentials come from the new secret, in Unix seconds. */
  mintFrom: number;
  /** When the one before it dies, in Unix seconds. */
  previousDies: number | undefined;
  /** Secrets that are accepted now, the new one included. */
  alive: number;
}

/** Seconds of Unix time. */
export function unixNow(): number {
  return Math.floor(Date.now() / 1_000);
}

/**
 * The path of the secrets file.
 * @throws UserFault `turn_secrets` without one
 */
export function requireSecretsFile(path: string | undefined): string {
  if (path === undefined || path === '') {
    throw new UserFault('turn_secrets', 'Set TURN_SECRETS_FILE, or name the file with --secrets-file.');
  }
  return path;
}

/**
 * Reads the secrets that are alive, oldest first.
 * @param now Unix seconds
 * @throws UserFault `turn_secrets`; RelayError `turn_unavailable` for a file that is missing or damaged
 */
export async function readAlive(path: string | undefined, now: number): Promise<TurnSecrets> {
  const file = requireSecretsFile(path);
  const { readSecrets, withoutDead } = await import('@relay/server/turn');
  return withoutDead(await readSecrets(file), now);
}

/**
 * What is known of the secrets but for the secrets themselves.
 * @throws as {@link readAlive}
 */
export async function inspectSecrets(path: string | undefined, now = unixNow()): Promise<SecretsStatus> {
  const secrets = await readAlive(path, now);
  const { mintingSecret } = await import('@relay/server/turn');
  const minting = mintingSecret(secrets, now);
  const stateOf = (secret: TurnSecret): SecretState => {
    if (secret === minting) return 'minting';
    return secret.mintFrom > now ? 'pending' : 'accepted';
  };
  return {
    now,
    secrets: secrets.map((secret, index) => ({
      generation: index + 1,
      state: stateOf(secret),
      mintFrom: secret.mintFrom,
      dies: secret.dies,
    })),
  };
}

/**
 * Adds a new secret and lets the one before it die when its last credential has expired.
 * @param options `ttlSeconds`: how long credentials are good for; `now`: Unix seconds
 * @throws as {@link readAlive}
 */
export async function rotateSecrets(
  path: string | undefined,
  options: { ttlSeconds: number; now?: number },
): Promise<Rotation> {
  const { ttlSeconds, now = unixNow() } = options;
  const file = requireSecretsFile(path);
  const server = await import('@relay/server/turn');
  const { newestFrom, ends } = await server.rotateSecrets(file, ttlSeconds, () => now * 1_000);
  return { now, mintFrom: newestFrom, previousDies: ends.at(-1), alive: ends.length + 1 };
}
