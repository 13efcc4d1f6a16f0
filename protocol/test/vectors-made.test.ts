import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeVectors } from '../scripts/make/all.ts';
import { makePassphraseVectors, opensTo, PASSPHRASE_FILE } from '../scripts/make/passphrase.ts';

const read = (name: string) => readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8');

test('the vectors are what their script makes (else run: make vectors)', async () => {
  const { files, identityFile } = await makeVectors();
  for (const [name, text] of Object.entries(files)) expect(text === read(name), name).toBe(true);

  // Wrapping is randomised, so of this file only the wrapped bytes may differ.
  const kept = read(PASSPHRASE_FILE);
  expect(await opensTo(kept, identityFile)).toBe(true);
  const withoutData = (text: string) => text.replace(/"wrapped identity 1": ".*"/, '');
  expect(withoutData(await makePassphraseVectors(identityFile))).toBe(withoutData(kept));
});
