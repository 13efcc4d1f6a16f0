import type { FileHandle } from 'node:fs/promises';
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { completeSecrets } from '../src/init/database-secrets.ts';
import type { Made } from '../src/init/make-secrets.ts';
import { describeInitFault, describeMade, makeSecrets } from '../src/init/make-secrets.ts';
import type { Owner } from '../src/init/owned.ts';
import { readSecrets } from '../src/turn/secrets-file.ts';

const FILES = [
  'postgres/owner.password',
  'migrate/database-url',
  'postgres/relay.password',
  'relay/database-url',
  'postgres/worker.password',
  'worker/database-url',
  'postgres/admin.password',
  'admin/database-url',
  'turn/secrets',
];
const NOW = 1_800_000_000_000;

/** Only root may give files away; the tests note to whom they went, by inode. */
function noteOwners() {
  const given = new Map<number, Owner>();
  const nobody = { uid: 0, gid: 0 };
  return {
    at: async (path: string) => given.get((await stat(path)).ino) ?? nobody,
    of: async (file: FileHandle) => given.get((await file.stat()).ino) ?? nobody,
    give: async (file: FileHandle, owner: Owner) => {
      given.set((await file.stat()).ino, owner);
    },
  };
}

let root: string;
let owners: ReturnType<typeof noteOwners>;
let make: () => Promise<Made>;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'relay-init-'));
  const folder = root;
  onTestFinished(() => rm(folder, { recursive: true }));
  owners = noteOwners();
  make = () => makeSecrets(root, { owners, now: () => NOW });
});

const text = (path: string) => readFile(join(root, path), 'utf8');
const contents = async () => Promise.all(FILES.map(text));
const faultOf = async () => {
  const error = await make().then(
    () => undefined,
    (fault: unknown) => fault,
  );
  return describeInitFault(error).join('\n');
};

test('every secret is made, for its user alone', async () => {
  expect(await make()).toEqual({ made: FILES, mended: [] });
  const shown = await Promise.all(
    ['postgres', 'relay', 'turn', ...FILES].map(async (path) => {
      const { uid, gid } = await owners.at(join(root, path));
      return `${path} ${uid}:${gid} ${((await stat(join(root, path))).mode & 0o7777).toString(8)}`;
    }),
  );
  expect(shown).toEqual([
    'postgres 999:999 700',
    'relay 10001:10001 700',
    'turn 10001:10002 2750',
    'postgres/owner.password 999:999 400',
    'migrate/database-url 10001:10001 400',
    'postgres/relay.password 999:999 400',
    'relay/database-url 10001:10001 400',
    'postgres/worker.password 999:999 400',
    'worker/database-url 10001:10001 400',
    'postgres/admin.password 999:999 400',
    'admin/database-url 10001:10001 400',
    'turn/secrets 10001:10002 640',
  ]);
  const password = await text('postgres/owner.password');
  expect(password).toMatch(/^[0-9a-f]{64}$/);
  expect(await text('migrate/database-url')).toBe(`postgres://relay_owner:${password}@postgres:5432/relay`);
  expect(new Set(await contents()).size).toBe(FILES.length);
  expect(await readSecrets(join(root, 'turn/secrets'))).toMatchObject([{ mintFrom: NOW / 1000 }]);
});

test('a second run changes nothing', async () => {
  await make();
  const before = await contents();
  expect(await make()).toEqual({ made: [], mended: [] });
  expect(await contents()).toEqual(before);
});

test('what is missing is made from its other half, and nothing is left of a write that was cut short', async () => {
  await make();
  const before = await contents();
  await Promise.all(
    ['postgres/relay.password', 'worker/database-url'].map((path) => unlink(join(root, path))),
  );
  await chmod(join(root, 'postgres'), 0o755);
  await writeFile(join(root, 'postgres/relay.password.new'), 'cut');
  expect(await make()).toEqual({
    made: ['postgres/relay.password', 'worker/database-url'],
    mended: ['postgres'],
  });
  expect(await contents()).toEqual(before);
  expect(await readdir(join(root, 'postgres'))).toHaveLength(4);
});

test('where both halves are missing there is a new password', async () => {
  await make();
  const before = await text('relay/database-url');
  await Promise.all(
    ['postgres/relay.password', 'relay/database-url'].map((path) => unlink(join(root, path))),
  );
  await make();
  expect(await text('relay/database-url')).not.toBe(before);
});

test('owners and modes are mended', async () => {
  await make();
  await chmod(join(root, 'relay/database-url'), 0o644);
  await chmod(join(root, 'turn'), 0o755);
  expect(await make()).toEqual({ made: [], mended: ['relay/database-url', 'turn'] });
  expect(await make()).toEqual({ made: [], mended: [] });
});

test('what is damaged or does not agree is named, and nothing is touched', async () => {
  await make();
  for (const path of ['admin/database-url', 'postgres/relay.password', 'postgres/owner.password']) {
    await chmod(join(root, path), 0o600);
  }
  await writeFile(join(root, 'admin/database-url'), 'postgres://relay_admin:secret@elsewhere/relay');
  await writeFile(join(root, 'postgres/relay.password'), '');
  await writeFile(join(root, 'postgres/owner.password'), 'ab'.repeat(32));
  const before = await contents();
  const told = await faultOf();
  expect(told).toMatch(/^migrate\/database-url has another password than postgres\/owner.password/);
  expect(told).toMatch(/\npostgres\/relay.password is damaged\. .*rm \/secrets\/postgres\/relay.password &&/);
  expect(told).toMatch(/\nadmin\/database-url is damaged\. .*rm \/secrets\/admin\/database-url &&/);
  expect(told).not.toMatch(/secret@|abab/);
  expect(await contents()).toEqual(before);
});

test('damaged TURN secrets are named', async () => {
  await make();
  await writeFile(join(root, 'turn/secrets'), 'relay-turn-secrets 2\n');
  expect(await faultOf()).toContain('turn/secrets is damaged');
  expect(await text('turn/secrets')).toBe('relay-turn-secrets 2\n');
});

test('a link in a volume is not followed', async () => {
  await make();
  await writeFile(join(root, 'aside'), '');
  for (const path of ['relay/database-url', 'turn/secrets']) {
    const before = await text(path);
    await writeFile(join(root, 'aside'), before);
    await unlink(join(root, path));
    await symlink(join(root, 'aside'), join(root, path));
    expect(await faultOf()).toContain('(ELOOP)');
    expect((await owners.at(join(root, 'aside'))).uid).toBe(0);
    await unlink(join(root, path));
    await writeFile(join(root, path), before);
  }
});

test('no secret is told', async () => {
  const told = describeMade(await make()).join('\n');
  expect(told.match(/[0-9a-f]{16}/)).toBeNull();
  expect(told).toContain('made turn/secrets');
});

test('a final line break is no damage', () => {
  const password = '12'.repeat(32);
  const names = { password: 'a', url: 'b' };
  const complete = completeSecrets('relay_x', { password: `${password}\n`, url: undefined }, names, () => '');
  expect(complete.url).toBe(`postgres://relay_x:${password}@postgres:5432/relay`);
});
