/** The file of TURN secrets: read by relay and TURN server, written by the worker and by `relay-admin`. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { RelayError } from '@relay/protocol/wire';
import type { Now } from '../time.ts';
import type { RotationCause } from './history-file.ts';
import { remember } from './history-file.ts';
import { replaceFile, withLock } from './locked-file.ts';
import type { TurnSecrets } from './secrets.ts';
import {
  addSecret,
  firstSecrets,
  formatSecrets,
  newestOf,
  parseSecrets,
  SecretsFormatError,
  withoutDead,
} from './secrets.ts';

/** How the secrets stand, without them. Times are seconds from the Unix epoch. */
export interface SecretsStatus {
  /** From when on credentials are made with the newest. */
  newestFrom: number;
  /** The ends of the older ones that the TURN server still takes, soonest first. */
  ends: number[];
}

/**
 * Reads the file.
 * @throws RelayError `turn_unavailable` that says why, with the system's error as its cause
 */
export async function readSecrets(path: string): Promise<TurnSecrets> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const what =
      codeOf(cause) === 'ENOENT'
        ? 'is not there.'
        : `cannot be read (${codeOf(cause) ?? 'unknown'}). Check its owner and mode.`;
    throw new RelayError('turn_unavailable', `The TURN secrets file ${path} ${what}`, { cause });
  }
  try {
    return parseSecrets(text);
  } catch (cause) {
    if (!(cause instanceof SecretsFormatError)) throw cause;
    const message = `The TURN secrets file ${path} is damaged: ${cause.message} Remove it and start the relay again.`;
    throw new RelayError('turn_unavailable', message, { cause });
  }
}

/**
 * Makes the file with one secret, unless it is there.
 * @returns whether it was made now
 * @throws RelayError `turn_unavailable` when one that is there cannot be read, or another process is at it for too long, or it cannot be
 * written
 */
export function createSecrets(path: string, now: Now = Date.now): Promise<boolean> {
  return withLock(path, async () => {
    try {
      await readSecrets(path);
      return false;
    } catch (error) {
      if (!(error instanceof RelayError) || codeOf(error.cause) !== 'ENOENT') throw error;
      await replaceFile(path, formatSecrets(firstSecrets(freshSecret(), seconds(now))));
      await remember(path, 'made', now);
      return true;
    }
  });
}

/**
 * Adds a new secret and lets the one before die after the last credential made with it (SPEC.md §13.1).
 * @param ttl life of a credential, in seconds
 * @throws as {@link createSecrets}
 */
export function rotateSecrets(path: string, ttl: number, now: Now = Date.now): Promise<SecretsStatus> {
  return change(path, now, (secrets, at) => addSecret(secrets, freshSecret(), ttl, at), 'hand');
}

/**
 * Rotates if the newest secret is older than `due`, so that of several workers one rotates.
 * @param due when it became due, in milliseconds from the Unix epoch
 * @returns whether it rotated
 * @throws as {@link createSecrets}
 */
export async function rotateIfDue(
  path: string,
  ttl: number,
  due: number,
  now: Now = Date.now,
): Promise<boolean> {
  let rotated = false;
  await change(
    path,
    now,
    (secrets, at) => {
      rotated = newestOf(secrets).mintFrom <= due / 1000;
      return rotated ? addSecret(secrets, freshSecret(), ttl, at) : secrets;
    },
    'schedule',
  );
  return rotated;
}

/**
 * Removes the secrets whose end has come. A file in which there is none is not written.
 * @returns how many it removed
 * @throws as {@link createSecrets}
 */
export async function pruneSecrets(path: string, now: Now = Date.now): Promise<number> {
  let removed = 0;
  await change(path, now, (secrets, at) => {
    const left = withoutDead(secrets, at);
    removed = secrets.length - left.length;
    return removed > 0 ? left : secrets;
  });
  return removed;
}

/**
 * How the secrets stand.
 * @throws RelayError `turn_unavailable`
 */
export async function readStatus(path: string, now: Now = Date.now): Promise<SecretsStatus> {
  return statusOf(await readSecrets(path), seconds(now));
}

function change(
  path: string,
  now: Now,
  make: (secrets: TurnSecrets, at: number) => TurnSecrets,
  cause?: RotationCause,
): Promise<SecretsStatus> {
  return withLock(path, async () => {
    const before = await readSecrets(path);
    const at = seconds(now);
    const after = make(before, at);
    if (after !== before) await replaceFile(path, formatSecrets(after));
    if (after !== before && cause !== undefined) await remember(path, cause, now);
    return statusOf(after, at);
  });
}

function statusOf(secrets: TurnSecrets, at: number): SecretsStatus {
  const ends = withoutDead(secrets, at).flatMap(({ dies }) => dies ?? []);
  return { newestFrom: newestOf(secrets).mintFrom, ends: ends.sort((a, b) => a - b) };
}

const freshSecret = () => randomBytes(32).toString('hex');
const seconds = (now: Now) => Math.floor(now() / 1000);

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
