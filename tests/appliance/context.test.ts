import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { Appliance, cleanClone } from './support/appliance.ts';
import { succeed } from './support/docker.ts';

const MARK = 'decoy-that-no-image-may-hold';
const IMAGE = 'relay/context-test';
/** Names under which people keep what must never leave their machine, wherever they put it. */
const DECOYS = [
  'identity.bin',
  'identity-01.bin',
  'circle.key',
  'allowed-keys-seed.json',
  '.env',
  'relay.dump',
  'backup.age',
  'circle/identity-02.bin',
  'circle/circle.key',
  'images/relay/src/identity-03.bin',
  'images/relay/src/.env',
  'images/relay/prisma/circle.key',
  'admin-cli/src/circle.key',
  'admin-cli/src/allowed-keys-seed.json',
  'protocol/src/identity.bin',
  'client/public/identity/identity.bin',
];

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) rmSync(folder, { recursive: true });
  await succeed('docker', ['image', 'rm', '--force', IMAGE]);
});

it('no key, identity, setting or backup of the folder enters the image', async () => {
  const folder = await cleanClone();
  folders.push(folder);
  for (const decoy of DECOYS) {
    mkdirSync(dirname(join(folder, decoy)), { recursive: true });
    writeFileSync(join(folder, decoy), MARK);
  }
  // What does enter is found by the same search.
  const known = 'known-to-be-in-the-image';
  writeFileSync(join(folder, 'images/relay/src/known.ts'), `// ${known}\n`);
  await succeed('docker', ['build', '--quiet', '--tag', IMAGE, '--file', 'images/relay/Dockerfile', '.'], {
    cwd: folder,
  });
  const search = (text: string) =>
    succeed('docker', ['run', '--rm', '--user', '0', IMAGE, 'sh', '-c', `grep -rl "${text}" /app || true`]);
  expect((await search(known)).trim()).toBe('/app/images/relay/src/known.ts');
  expect(await search(MARK)).toBe('');
});

it('what the images hold is a stand-alone part: no development packages, tests or other parts', async () => {
  const appliance = new Appliance(inject('appliance'));
  const packages = await appliance.exec('relay', 'ls', 'node_modules');
  for (const name of [
    'vitest',
    'typescript',
    'playwright-core',
    'testcontainers',
    'vite',
    'react',
    'prisma',
  ]) {
    expect(packages.split('\n')).not.toContain(name);
  }
  expect((await appliance.exec('relay', 'ls')).split('\n').filter(Boolean).sort()).toEqual([
    'admin-cli',
    'images',
    'node_modules',
    'package-lock.json',
    'package.json',
    'protocol',
  ]);
});
