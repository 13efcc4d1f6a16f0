import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadIdentity, parseAllowlist, readCircleKey } from '@relay/protocol';
import { expect, test } from 'vitest';
import { numberedLabels } from '../src/files/labels.ts';
import { generatedJson, generatedText } from '../src/render/generated.ts';
import { inspectedJson, inspectedText } from '../src/render/inspected.ts';
import { generateIdentities } from '../src/services/generate-identities.ts';
import { inspectIdentity } from '../src/services/inspect-identity.ts';
import { countingRandom, temporaryDirectory } from './support/circle.ts';

const noPassphrase = async () => {
  throw new Error('nobody is asked');
};

test('twenty members: every file opens and fits the others', async () => {
  const directory = join(await temporaryDirectory(), 'identities');
  const steps: string[] = [];
  const circle = await generateIdentities({
    directory,
    labels: numberedLabels(20),
    onProgress: (stage, done, total) => steps.push(`${stage} ${done}/${total}`),
  });
  const names = numberedLabels(20).map((_, i) => `identity-${String(i + 1).padStart(2, '0')}.bin`);
  expect((await readdir(directory)).toSorted()).toEqual(
    ['allowed-keys-seed.json', 'circle.key', ...names].toSorted(),
  );
  expect(((await stat(directory)).mode & 0o777).toString(8)).toBe('700');
  const allowlist = parseAllowlist(await readFile(join(directory, 'allowed-keys-seed.json'), 'utf8'));
  expect(allowlist.circleId).toEqual(circle.circleId);
  const key = await readCircleKey(await readFile(join(directory, 'circle.key')));
  for (const member of circle.members) {
    expect(((await stat(join(directory, member.file))).mode & 0o777).toString(8)).toBe('600');
    const identity = await loadIdentity(await readFile(join(directory, member.file)));
    expect(identity.member).toMatchObject({ number: member.number, label: member.label });
    expect(identity.keys.keyHash).toEqual(member.keyHash);
    expect(identity.roster.signed).toEqual(key.signedRoster);
    expect(allowlist.keyHashes).toContainEqual(member.keyHash);
  }
  expect(steps).toContain('keys 20/20');
  expect(steps.at(-1)).toBe('files 22/22');
});

test('a passphrase closes the identity files and circle.key, and only those', {
  timeout: 60_000,
}, async () => {
  const directory = join(await temporaryDirectory(), 'identities');
  const passphrase = 'drei Wörter, eins davon lang';
  await generateIdentities({ directory, labels: ['Ana', 'Bo'], passphrase });
  const file = await readFile(join(directory, 'identity-01.bin'));
  expect(file.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
  expect(await inspectIdentity(file, async () => passphrase)).toMatchObject({ label: 'Ana', wrapped: true });
  await expect(inspectIdentity(file, async () => 'something else')).rejects.toMatchObject({
    code: 'identity_passphrase',
  });
  const key = await readFile(join(directory, 'circle.key'));
  await expect(readCircleKey(key)).rejects.toMatchObject({ code: 'identity_locked' });
  expect((await readCircleKey(key, passphrase)).secrets).toHaveLength(1);
  parseAllowlist(await readFile(join(directory, 'allowed-keys-seed.json'), 'utf8'));
});

test('where something is, no key is made', async () => {
  const directory = join(await temporaryDirectory(), 'identities');
  await mkdir(directory);
  await writeFile(join(directory, 'identity-07.bin'), 'somebody');
  const random = () => {
    throw new Error('no key is made');
  };
  await expect(generateIdentities({ directory, labels: ['Ana', 'Bo'], random })).rejects.toMatchObject({
    code: 'file_exists',
  });
  expect(await readdir(directory)).toEqual(['identity-07.bin']);
  expect(await readFile(join(directory, 'identity-07.bin'), 'utf8')).toBe('somebody');
});

test('what is shown of a circle', async () => {
  const directory = join(await temporaryDirectory(), 'identities');
  const labels = ['Ana', 'Bo Öztürk', '恵子 🦊'];
  const made = await generateIdentities({ directory, labels, random: countingRandom() });
  const circle = { ...made, directory: '/media/stick/identities' };
  await expect(generatedText(circle)).toMatchFileSnapshot('golden/generated.txt');
  await expect(generatedText({ ...circle, wrapped: true, leftovers: 1 })).toMatchFileSnapshot(
    'golden/generated-passphrase.txt',
  );
  await expect(json(generatedJson(circle))).toMatchFileSnapshot('golden/generated.json');
  const file = await readFile(join(directory, 'identity-02.bin'));
  const identity = await inspectIdentity(file, noPassphrase);
  await expect(inspectedText(identity)).toMatchFileSnapshot('golden/inspected.txt');
  await expect(json(inspectedJson(identity))).toMatchFileSnapshot('golden/inspected.json');
});

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
