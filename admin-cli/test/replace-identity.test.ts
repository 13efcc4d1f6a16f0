import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  loadIdentity,
  openCircleKey,
  openRosterUpdate,
  parseAllowlist,
  readCircleKey,
} from '@relay/protocol';
import { beforeEach, expect, test } from 'vitest';
import { generateIdentities } from '../src/services/generate-identities.ts';
import { replaceIdentity } from '../src/services/replace-identity.ts';
import { temporaryDirectory } from './support/circle.ts';
import { relayAdmin } from './support/cli.ts';

let cwd: string;
let circleKeyPath: string;
beforeEach(async () => {
  cwd = await temporaryDirectory();
  await generateIdentities({ directory: join(cwd, 'identities'), labels: ['Ana', 'Bo', 'Cleo'] });
  circleKeyPath = join(cwd, 'identities', 'circle.key');
});

const replace = (directory = 'new', number = 2) =>
  replaceIdentity({
    ...{ number, circleKeyPath, directory: join(cwd, directory) },
    askPassphrase: async () => '',
    newPassphrase: async () => undefined,
  });
const serialNow = async () =>
  (await openCircleKey(await readCircleKey(await readFile(circleKeyPath)))).roster.serial;

test('the others accept the update, the replaced file does not, and circle.key goes on from there', async () => {
  const made = await replace();
  expect(made).toMatchObject({ outcome: 'made', serial: 2, label: 'Bo' });
  const file = (folder: string, name: string) => readFile(join(cwd, folder, name));
  const update = await file('new', 'roster-update.bin');
  for (const number of [1, 3]) {
    const identity = await loadIdentity(await file('identities', `identity-0${number}.bin`));
    const { roster } = await openRosterUpdate(identity, update);
    expect(roster.members[1]?.keyHash).toEqual(made.keyHash);
  }
  const old = await loadIdentity(await file('identities', 'identity-02.bin'));
  expect(made.before).toEqual(old.member.keyHash);
  await expect(openRosterUpdate(old, update)).rejects.toMatchObject({ code: 'roster_update_invalid' });
  const { keyHashes } = parseAllowlist((await file('new', 'allowed-keys-seed.json')).toString());
  expect(keyHashes).toHaveLength(3);
  expect(keyHashes).not.toContainEqual(old.member.keyHash);
  expect((await loadIdentity(await file('new', 'identity-02.bin'))).member.keyHash).toEqual(made.keyHash);
  for (const path of ['new/circle.key', 'new/identity-02.bin', 'identities/circle.key'])
    expect(((await stat(join(cwd, path))).mode & 0o777).toString(8)).toBe('600');
  expect(await replace('newer', 3)).toMatchObject({ serial: 3 });
});

test('cut short before circle.key was renewed, the next run finishes; after it, there is nothing to do', async () => {
  await cp(circleKeyPath, join(cwd, 'kept.key'));
  const made = await replace();
  await cp(join(cwd, 'kept.key'), circleKeyPath);
  const resumed = await replace();
  expect(resumed).toMatchObject({ outcome: 'resumed', keyHash: made.keyHash, before: made.before });
  expect(await serialNow()).toBe(2);
  const before = await readFile(circleKeyPath);
  expect(await replace()).toMatchObject({ outcome: 'done', keyHash: made.keyHash, before: undefined });
  expect(await readFile(circleKeyPath)).toEqual(before);
});

test('what another replacement wrote is not overwritten, and circle.key stays as it is', async () => {
  await replace();
  await expect(replace('new', 1)).rejects.toMatchObject({ code: 'file_exists' });
  await expect(replace('fresh', 9)).rejects.toMatchObject({ code: 'member_unknown' });
  expect(await serialNow()).toBe(2);
  expect((await readdir(cwd)).toSorted()).toEqual(['identities', 'new']);
});

test('a file keeps its content through setting, changing and removing its passphrase', {
  timeout: 120_000,
}, async () => {
  const path = 'identities/identity-01.bin';
  const before = await readFile(join(cwd, path));
  await writeFile(join(cwd, 'one'), 'the first phrase\n', { mode: 0o600 });
  await writeFile(join(cwd, 'two'), 'the second phrase\n', { mode: 0o600 });
  await writeFile(join(cwd, 'three'), 'the third phrase\n', { mode: 0o600 });
  const passphrase = (...args: string[]) =>
    relayAdmin(['identities', 'passphrase', path, ...args, '--json'], { cwd });
  const outcome = async (...args: string[]) => JSON.parse((await passphrase(...args)).stdout).outcome;
  expect(await outcome('--new-passphrase-file', 'one')).toBe('set');
  expect((await loadIdentity(await readFile(join(cwd, path)), 'the first phrase')).member.number).toBe(1);
  expect(await passphrase('--passphrase-file', 'two', '--new-passphrase-file', 'three')).toMatchObject({
    code: 3,
  });
  expect(await outcome('--passphrase-file', 'one', '--new-passphrase-file', 'two')).toBe('changed');
  expect(await passphrase('--passphrase-file', 'two', '--remove')).toMatchObject({ code: 4 });
  expect(await outcome('--passphrase-file', 'two', '--remove', '--yes')).toBe('removed');
  expect(await readFile(join(cwd, path))).toEqual(before);
});

test('verify: holds with its list, 6 with one that lacks the key, and a loose mode is told', {
  timeout: 120_000,
}, async () => {
  await replace();
  const verify = (file: string, list: string) =>
    relayAdmin(['identities', 'verify', file, '--allowlist', list, '--json'], { cwd });
  const [good, bad] = [
    await verify('new/identity-02.bin', 'new/allowed-keys-seed.json'),
    await verify('identities/identity-02.bin', 'new/allowed-keys-seed.json'),
  ];
  expect([good.code, bad.code]).toEqual([0, 6]);
  expect(JSON.parse(bad.stdout)).toMatchObject({
    holds: false,
    allowlist: { isSameCircle: true, listsKey: false },
  });
  await writeFile(join(cwd, 'loose.bin'), await readFile(join(cwd, 'new/identity-02.bin')), { mode: 0o644 });
  const loose = await verify('loose.bin', 'new/allowed-keys-seed.json');
  expect(JSON.parse(loose.stdout).warnings).toEqual([expect.stringContaining('(mode 644)')]);
});
