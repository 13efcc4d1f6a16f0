import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Bytes, CircleKey, RosterMember } from '@relay/protocol';
import {
  equalBytes,
  isPassphraseWrapped,
  openCircleKey,
  randomBytes,
  readCircleKey,
  replaceMember,
} from '@relay/protocol';
import { shownFault, UserFault } from '../faults.ts';
import { requireNewDirectory, writeNewDirectory } from '../files/new-directory.ts';
import { readSmallFile } from '../files/read-file.ts';
import { replaceFile } from '../files/replace-file.ts';
import { CIRCLE_KEY_FILE, identityFileName } from './generate-identities.ts';
import { findReplacement, replacementFiles } from './replacement-files.ts';

const CIRCLE_KEY_LIMIT = 1_048_576;

/** What {@link replaceIdentity} takes. */
export interface ReplaceOptions {
  /** The member's number. */
  number: number;
  /** Path of `circle.key`, which the new one takes the place of. */
  circleKeyPath: string;
  /** Where the files go; not there yet, empty, or what an interrupted run of the same command left. */
  directory: string;
  /** Asked once, and only when `circle.key` has a passphrase. */
  askPassphrase: () => Promise<string>;
  /**
   * The passphrase for the new identity file, asked only when one is made; undefined leaves it without.
   * @param wrapped whether `circle.key` has one
   */
  newPassphrase: (wrapped: boolean) => Promise<string | undefined>;
  /** Asked before anything is made; rejects to leave all as it is. */
  confirm?: (member: RosterMember) => Promise<void>;
  /** Source of 32-byte secrets; the platform's CSPRNG unless a test replaces it. */
  random?: (n: number) => Bytes;
}

/** A member that was replaced. Nothing in it is secret. */
export interface ReplacedIdentity {
  /** Full path of the files. */
  directory: string;
  number: number;
  label: string;
  /** Name of the new member's file there. */
  file: string;
  /** Whether that file has a passphrase. */
  wrapped: boolean;
  /** Of the new roster. */
  serial: number;
  /** 32 bytes. */
  circleId: Bytes;
  /** The new key, 32 bytes. */
  keyHash: Bytes;
  /** The key that is to be revoked, 32 bytes; unknown when an earlier run had finished already. */
  before: Bytes | undefined;
  /** Full path of the `circle.key` that was renewed. */
  circleKeyPath: string;
  /** What this run had to do: all of it, its last step, or nothing. */
  outcome: 'made' | 'resumed' | 'done';
}

/**
 * Makes a new identity for a member, offline: its file, a new allowlist, a roster update for the relay to serve, and a new `circle.key`
 * (SPEC.md §16). They appear in a new directory in one step; then the new `circle.key` takes the old one's place. A run that was cut
 * short in between is finished by the next one.
 * @throws RelayError `circle_key_invalid`, `identity_locked`, `identity_passphrase`, `file_exists`; UserFault `member_unknown`,
 * `replacement_unfinished`
 */
export async function replaceIdentity(options: ReplaceOptions): Promise<ReplacedIdentity> {
  const { number, random = randomBytes, confirm = async () => {} } = options;
  const file = await readSmallFile(options.circleKeyPath, CIRCLE_KEY_LIMIT);
  const isWrapped = isPassphraseWrapped(file);
  const passphrase = isWrapped ? await options.askPassphrase() : undefined;
  const key = await readCircleKey(file, passphrase);
  const { roster } = await openCircleKey(key);
  const before = roster.members.find((member) => member.number === number);
  if (before === undefined) throw unknownMember(number, roster.members);
  const path = await realpath(options.directory).catch(() => resolve(options.directory));
  const circleKeyPath = await realpath(options.circleKeyPath);
  const told = { number, label: before.label, file: identityFileName(number), circleKeyPath };

  const earlier = await findReplacement(path, key, number, passphrase);
  if (earlier !== undefined) {
    const after = (await openCircleKey(earlier.circleKey)).roster;
    const isDone = equalBytes(after.hash, roster.hash);
    if (!isDone) await renewCircleKey(circleKeyPath, file, earlier.circleKeyFile, path);
    const { keyHash } = after.members.find((member) => member.number === number) ?? before;
    return {
      ...told,
      ...{
        directory: path,
        wrapped: earlier.wrapped,
        serial: after.serial,
        circleId: after.circleId,
        keyHash,
      },
      before: isDone ? undefined : before.keyHash,
      outcome: isDone ? 'done' : 'resumed',
    };
  }

  await requireNewDirectory(path);
  await confirm(before);
  const identityPassphrase = await options.newPassphrase(isWrapped);
  const made = await replaceMember(key, number, random);
  const files = await replacementFiles(made, { circleKey: passphrase, identity: identityPassphrase });
  eraseKey(key);
  const { directory } = await writeNewDirectory(path, files);
  const circleKeyFile = files.find(({ name }) => name === CIRCLE_KEY_FILE)?.bytes ?? new Uint8Array();
  await renewCircleKey(circleKeyPath, file, circleKeyFile, directory);
  return {
    ...told,
    ...{ directory, wrapped: identityPassphrase !== undefined, serial: roster.serial + 1 },
    ...{ circleId: roster.circleId, keyHash: made.after.keyHash, before: before.keyHash, outcome: 'made' },
  };
}

function eraseKey(key: CircleKey): void {
  key.seed.fill(0);
  for (const { secret } of key.secrets) secret.fill(0);
}

function unknownMember(number: number, members: readonly RosterMember[]): UserFault {
  const numbers = members.map((member) => member.number).join(', ');
  return new UserFault('member_unknown', `The circle has no member ${number}. Its members are: ${numbers}.`);
}

async function renewCircleKey(
  path: string,
  before: Uint8Array,
  after: Uint8Array,
  directory: string,
): Promise<void> {
  // Two replacements made from one circle.key would be two lists of one serial, of which members refuse one.
  if (!equalBytes(await readSmallFile(path, CIRCLE_KEY_LIMIT), before)) {
    throw new UserFault(
      'replacement_unfinished',
      `${path} was changed meanwhile, by another replacement. Remove ${directory} and run the command again.`,
    );
  }
  try {
    await replaceFile(path, after);
  } catch (cause) {
    const fault = await shownFault(cause as Error);
    if (fault === undefined) throw cause;
    throw new UserFault(
      'replacement_unfinished',
      `The new files are in ${directory}, but ${path} could not be renewed. ${fault.message} The same command goes on from there.`,
    );
  }
}
