import {
  equalBytes,
  isPassphraseWrapped,
  isRelayError,
  loadIdentity,
  openCircleKey,
  RelayError,
  readCircleKey,
  unwrapWithPassphrase,
  wrapWithPassphrase,
} from '@relay/protocol';
import { UserFault } from '../faults.ts';
import { readSmallFile } from '../files/read-file.ts';
import { replaceFile } from '../files/replace-file.ts';

const FILE_LIMIT = 1_048_576;

/** What {@link changePassphrase} takes. */
export interface ChangePassphraseOptions {
  /** An identity file or a `circle.key`. */
  path: string;
  /** Asked once, and only when the file has a passphrase. */
  askPassphrase: () => Promise<string>;
  /** The passphrase it is to have; undefined for none. Called when the file was found intact. */
  nextPassphrase: (wrapped: boolean) => Promise<string | undefined>;
  /**
   * The passphrase it is to have, where that is known without asking. A file that opens with it is left as it is, so that a run that
   * was cut short after its last step can be run again.
   */
  knownPassphrase?: string | undefined;
}

/** What {@link changePassphrase} did. */
export type PassphraseOutcome = 'set' | 'changed' | 'removed' | 'unchanged' | 'already';

/**
 * Sets, changes or removes the passphrase of an identity file or a `circle.key` (the age format, by its library), in place and in one
 * step. Nothing is written before the new file was opened with the new passphrase.
 * @throws RelayError with the code of the check of the file that failed; `identity_passphrase`
 */
export async function changePassphrase(options: ChangePassphraseOptions): Promise<PassphraseOutcome> {
  const { path } = options;
  const file = await readSmallFile(path, FILE_LIMIT);
  const wrapped = isPassphraseWrapped(file);
  if (wrapped && (await opensWith(file, options.knownPassphrase))) return 'already';
  const plain = wrapped ? await unwrap(file, await options.askPassphrase()) : file;
  await requireIntact(plain);
  const next = await options.nextPassphrase(wrapped);
  if (next === undefined && !wrapped) return 'unchanged';
  const bytes = next === undefined ? plain : await wrapWithPassphrase(plain, next);
  if (next !== undefined && !equalBytes(await unwrapWithPassphrase(bytes, next), plain)) {
    throw new Error('a file that was wrapped did not come back');
  }
  if (!equalBytes(await readSmallFile(path, FILE_LIMIT), file)) {
    throw new UserFault('file_unusable', `${path} was changed meanwhile. Run the command again.`);
  }
  await replaceFile(path, bytes);
  plain.fill(0);
  if (next === undefined) return 'removed';
  return wrapped ? 'changed' : 'set';
}

async function opensWith(file: Uint8Array, passphrase: string | undefined): Promise<boolean> {
  if (passphrase === undefined) return false;
  const plain = await unwrapWithPassphrase(file, passphrase).catch(() => undefined);
  if (plain === undefined) return false;
  await requireIntact(plain);
  plain.fill(0);
  return true;
}

async function unwrap(file: Uint8Array, passphrase: string): Promise<Uint8Array> {
  try {
    return await unwrapWithPassphrase(file, passphrase);
  } catch (cause) {
    throw new RelayError(
      'identity_passphrase',
      'The passphrase does not open this file. Try again; after a run that was cut short, also the new one.',
      {
        cause,
      },
    );
  }
}

/** @throws RelayError as an identity file's, unless it is an intact one or an intact `circle.key` */
async function requireIntact(plain: Uint8Array): Promise<void> {
  try {
    await loadIdentity(plain);
  } catch (error) {
    if (!isRelayError(error, 'identity_foreign')) throw error;
    const key = await readCircleKey(plain).catch(() => undefined);
    if (key === undefined) throw error;
    await openCircleKey(key);
  }
}
