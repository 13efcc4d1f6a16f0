/** Makes the protocol's test vectors, protocol/vectors/*.json; those in published/ were taken from their publications. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { makeVectors } from './make/all.ts';
import { makePassphraseVectors, opensTo, PASSPHRASE_FILE } from './make/passphrase.ts';

const folder = new URL('../vectors/', import.meta.url);

const made = await makeVectors();
for (const [name, text] of Object.entries(made.files)) {
  writeFileSync(new URL(name, folder), text);
  console.log(`${name}: ${text.length} characters`);
}

// A passphrase is wrapped with randomness of its own, so the file stays as long as it fits the identity.
const passphraseFile = new URL(PASSPHRASE_FILE, folder);
const present = existsSync(passphraseFile) ? readFileSync(passphraseFile, 'utf8') : undefined;
if (present === undefined || !(await opensTo(present, made.identityFile))) {
  writeFileSync(passphraseFile, await makePassphraseVectors(made.identityFile));
  console.log(`${PASSPHRASE_FILE}: made anew`);
}
