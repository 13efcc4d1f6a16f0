/** The vectors of an identity file under a passphrase (SPEC.md §2.1), which are made once. */
import {
  b64,
  equalBytes,
  fromB64,
  loadIdentity,
  unwrapWithPassphrase,
  wrapWithPassphrase,
} from '../../src/index.ts';
import type { VectorFile } from '../../test/vectors/run.ts';
import { VectorDraft } from './file.ts';

/** Its name in the folder of vectors. */
export const PASSPHRASE_FILE = 'passphrase.json';

const PASSPHRASE = 'correct horse battery staple';
const WRAPPED = 'wrapped identity 1';

/** Whether the wrapped file in the text of {@link PASSPHRASE_FILE} holds that identity file. */
export async function opensTo(text: string, identityFile: Uint8Array): Promise<boolean> {
  const wrapped = (JSON.parse(text) as VectorFile).data?.[WRAPPED] ?? '';
  try {
    return equalBytes(await unwrapWithPassphrase(fromB64(wrapped), PASSPHRASE), identityFile);
  } catch {
    return false;
  }
}

/** The text of {@link PASSPHRASE_FILE}, with fresh randomness. */
export async function makePassphraseVectors(identityFile: Uint8Array): Promise<string> {
  const draft = new VectorDraft('SPEC.md §2.1');
  const file = draft.name(WRAPPED, await wrapWithPassphrase(identityFile, PASSPHRASE));
  const { member, roster, secrets } = await loadIdentity(identityFile);
  const { number, label } = member;
  const keyHash = b64(member.keyHash);
  draft.valid(
    'right passphrase',
    'loadIdentity',
    { file, passphrase: PASSPHRASE },
    {
      member: { number, label, keyHash },
      keyHash,
      circleId: b64(roster.circleId),
      serial: roster.serial,
      secrets: secrets.map(({ serial, secret }) => [serial, b64(secret)]),
    },
  );
  draft.fails('wrong passphrase', 'loadIdentity', { file, passphrase: 'incorrect' }, 'identity_passphrase');
  draft.fails('no passphrase', 'loadIdentity', { file }, 'identity_locked');
  draft.fails(
    'cut',
    'loadIdentity',
    { file: { ...file, cut: 60 }, passphrase: PASSPHRASE },
    'identity_passphrase',
  );
  return draft.toString();
}
