/** The folder that a replacement is written to. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CircleKey, OpenedCircleKey, Replacement } from '@relay/protocol';
import {
  equalBytes,
  formatAllowlist,
  hex,
  isPassphraseWrapped,
  openCircleKey,
  readCircleKey,
  utf8,
  writeCircleKey,
  writeIdentityFile,
} from '@relay/protocol';
import type { NewFile } from '../files/new-directory.ts';
import { ALLOWLIST_FILE, CIRCLE_KEY_FILE, identityFileName } from './generate-identities.ts';

/** What the relay is given to serve. */
export const ROSTER_UPDATE_FILE = 'roster-update.bin';

/** Passphrases of the two secret files; without one a file is not wrapped. */
export interface ReplacementPassphrases {
  circleKey: string | undefined;
  identity: string | undefined;
}

/** The files of a replacement. Erases the new member's seed. */
export async function replacementFiles(
  { identity, circleKey, allowlist, update }: Replacement,
  passphrases: ReplacementPassphrases,
): Promise<NewFile[]> {
  const identityFile = await writeIdentityFile(identity, passphrases.identity);
  identity.seed.fill(0);
  return [
    { name: identityFileName(identity.number), bytes: identityFile },
    { name: CIRCLE_KEY_FILE, bytes: await writeCircleKey(circleKey, passphrases.circleKey) },
    { name: ALLOWLIST_FILE, bytes: utf8(formatAllowlist(allowlist)) },
    { name: ROSTER_UPDATE_FILE, bytes: update },
  ];
}

/** A replacement that an earlier run wrote. */
export interface EarlierReplacement {
  /** The new `circle.key` as it stands there. */
  circleKeyFile: Uint8Array;
  /** Its content. */
  circleKey: CircleKey;
  /** Whether the new member's file has a passphrase. */
  wrapped: boolean;
}

/**
 * What an earlier run wrote to `directory` for the same circle, member and key: finished but for the last step, or wholly.
 * @param key the circle's key as it is now
 * @returns undefined when nothing is there, or something else
 */
export async function findReplacement(
  directory: string,
  key: CircleKey,
  number: number,
  passphrase: string | undefined,
): Promise<EarlierReplacement | undefined> {
  const names = [CIRCLE_KEY_FILE, identityFileName(number), ALLOWLIST_FILE, ROSTER_UPDATE_FILE];
  try {
    const [circleKeyFile, identityFile] = await Promise.all(
      names.map((name) => readFile(join(directory, name))),
    );
    if (circleKeyFile === undefined || identityFile === undefined) return undefined;
    const circleKey = await readCircleKey(circleKeyFile, passphrase);
    const [then, now] = await Promise.all([openCircleKey(circleKey), openCircleKey(key)]);
    const isNext = then.roster.serial === now.roster.serial + 1;
    const isSame = equalBytes(then.roster.hash, now.roster.hash);
    const others = ({ roster }: OpenedCircleKey) =>
      roster.members
        .filter((member) => member.number !== number)
        .map(({ keyHash }) => hex(keyHash))
        .join();
    const fits = equalBytes(circleKey.seed, key.seed) && others(then) === others(now);
    if (!fits || !(isNext || isSame)) return undefined;
    return { circleKeyFile, circleKey, wrapped: isPassphraseWrapped(identityFile) };
  } catch {
    // Whatever cannot be read is something else, and is not overwritten.
    return undefined;
  }
}
