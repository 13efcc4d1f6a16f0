import { isStreamIdentity } from '@relay/protocol';
import { UserFault } from '../faults.ts';
import { readSmallText } from './read-file.ts';

const LIMIT = 65_536;

/**
 * Reads secret keys of age, one in a line; lines that begin with # are remarks.
 * @param path `-` is standard input
 * @throws UserFault `backup_key` when there is none; no message repeats any of it
 */
export async function readStreamIdentities(path: string): Promise<string[]> {
  const lines = (await readSmallText(path, LIMIT)).split(/\r?\n/).map((line) => line.trim());
  const found = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (found.length === 0 || !found.every(isStreamIdentity)) {
    throw new UserFault(
      'backup_key',
      'This is no file of secret keys of age: each line begins with AGE-SECRET-KEY-, or with #.',
    );
  }
  return found;
}
