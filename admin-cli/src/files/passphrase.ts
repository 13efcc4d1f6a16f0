/** Where passphrases come from: a file, standard input, or the person at the terminal. */
import { RelayError } from '@relay/protocol/wire';
import { UserFault } from '../faults.ts';
import type { Terminal } from '../terminal/ask.ts';
import { askSecret, canAsk } from '../terminal/ask.ts';
import { readSmallText, STDIN } from './read-file.ts';

const MAX_BYTES = 4_096;
const MIN_CHARACTERS = 8;

async function firstLine(path: string): Promise<string> {
  const text = await readSmallText(path, MAX_BYTES);
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  if (line === '') {
    throw new UserFault(
      'passphrase_missing',
      path === STDIN
        ? 'The first line of standard input is empty; the passphrase is expected there. Or name a file that holds it (--help).'
        : `The first line of ${path} is empty; the passphrase is expected there.`,
    );
  }
  return line;
}

function requireStrong(passphrase: string): string {
  if ([...passphrase].length < MIN_CHARACTERS) {
    throw new UserFault(
      'passphrase_unusable',
      `The passphrase has fewer than ${MIN_CHARACTERS} characters. Take several words.`,
    );
  }
  return passphrase;
}

/**
 * A passphrase for new files: the first line of `path` (`-` is standard input), else asked twice, else standard input.
 * @throws UserFault `passphrase_missing` when it is empty; `passphrase_unusable` when it is short, or typed differently
 */
export async function newPassphrase(path: string | undefined, terminal: Terminal): Promise<string> {
  if (path !== undefined) return requireStrong(await firstLine(path));
  if (!canAsk(terminal)) return requireStrong(await firstLine(STDIN));
  const passphrase = requireStrong(await askSecret('New passphrase: ', terminal));
  if (passphrase !== (await askSecret('The same again: ', terminal))) {
    throw new UserFault('passphrase_unusable', 'The two passphrases differ. Run the command again.');
  }
  return passphrase;
}

/**
 * The passphrase of a file that has one: the first line of `path`, else asked once.
 * @throws UserFault `passphrase_missing` when the line is empty; RelayError `identity_locked` when there is nobody to ask
 */
export async function existingPassphrase(path: string | undefined, terminal: Terminal): Promise<string> {
  if (path !== undefined) return firstLine(path);
  if (canAsk(terminal)) return askSecret('Passphrase: ', terminal);
  throw new RelayError('identity_locked', 'This file has a passphrase. Give it with --passphrase-file FILE.');
}
