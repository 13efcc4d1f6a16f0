import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatSecrets, parseSecrets } from '../src/turn/secrets.ts';
import {
  createSecrets,
  pruneSecrets,
  readSecrets,
  readStatus,
  rotateIfDue,
  rotateSecrets,
} from '../src/turn/secrets-file.ts';

let folder: string;
let path: string;
const clock = { now: 1_800_000_000_000 };
const now = () => clock.now;
const seconds = () => clock.now / 1000;
const read = () => parseSecrets(readFileSync(path, 'utf8'));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-turn-'));
  path = join(folder, 'secrets');
  clock.now = 1_800_000_000_000;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('it is made once', async () => {
  expect(await createSecrets(path, now)).toBe(true);
  const text = readFileSync(path, 'utf8');
  expect(read()).toEqual([{ secret: expect.any(String), mintFrom: seconds(), dies: undefined }]);
  expect(await createSecrets(path, now)).toBe(false);
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect(readdirSync(folder)).toEqual(['secrets', 'secrets.history']);
});

test('its group may read it, whatever the umask, and others may not', async () => {
  const umask = process.umask(0o077);
  try {
    await createSecrets(path, now);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    chmodSync(path, 0o600);
    await rotateSecrets(path, 3600, now);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  } finally {
    process.umask(umask);
  }
});

test.runIf(process.getuid?.() === 0)('what root writes belongs to whom the directory belongs', async () => {
  chownSync(folder, 10_001, 10_002);
  await createSecrets(path, now);
  expect(statSync(path)).toMatchObject({ uid: 10_001, gid: 10_002 });
});

test('it rotates, tells how it stands without a secret, and forgets the dead', async () => {
  await createSecrets(path, now);
  clock.now += 60_000;
  const status = await rotateSecrets(path, 3600, now);
  const ends = [seconds() + 10 + 3600 + 60];
  expect(status).toEqual({ newestFrom: seconds() + 10, ends });
  expect(await readStatus(path, now)).toEqual(status);
  expect(await pruneSecrets(path, now)).toBe(0);
  clock.now += (10 + 3600 + 60) * 1000;
  expect(await readStatus(path, now)).toEqual({ newestFrom: status.newestFrom, ends: [] });
  expect(await pruneSecrets(path, now)).toBe(1);
  expect(read()).toHaveLength(1);
});

test('it is not written when nothing changes', async () => {
  await createSecrets(path, now);
  const before = statSync(path).ino;
  await pruneSecrets(path, now);
  await rotateIfDue(path, 3600, clock.now - 1000, now);
  expect(statSync(path).ino).toBe(before);
});

test('of several that rotate because it is due, one does', async () => {
  await createSecrets(path, now);
  clock.now += 3_600_000;
  const rotated = await Promise.all([1, 2, 3].map(() => rotateIfDue(path, 3600, clock.now, now)));
  expect(rotated.filter(Boolean)).toHaveLength(1);
  expect(read()).toHaveLength(2);
});

test('many that change it at once lose nothing', async () => {
  await createSecrets(path, now);
  await Promise.all(Array.from({ length: 20 }, () => rotateSecrets(path, 3600, now)));
  expect(read()).toHaveLength(21);
  expect(readdirSync(folder)).toEqual(['secrets', 'secrets.history']);
});

test('a reader finds the file whole at every moment', async () => {
  await createSecrets(path, now);
  let writing = true;
  const writes = (async () => {
    for (let i = 0; i < 30; i++) await rotateSecrets(path, 3600, now);
    writing = false;
  })();
  let reads = 0;
  for (; writing; reads++) expect((await readSecrets(path)).length).toBeGreaterThan(0);
  await writes;
  expect(reads).toBeGreaterThan(10);
});

test('a lock and a half-written file that a killed process left are cleared away', async () => {
  await createSecrets(path, now);
  writeFileSync(`${path}.lock`, '');
  writeFileSync(`${path}.new-00`, 'half');
  const old = new Date(Date.now() - 60_000);
  utimesSync(`${path}.lock`, old, old);
  await rotateSecrets(path, 3600, now);
  expect(readdirSync(folder)).toEqual(['secrets', 'secrets.history']);
});

test('a lock that is held is waited for, and named when that takes too long', {
  timeout: 90_000,
}, async () => {
  await createSecrets(path, now);
  writeFileSync(`${path}.lock`, '');
  const waiting = rotateSecrets(path, 3600, now);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(read()).toHaveLength(1);
  rmSync(`${path}.lock`);
  await waiting;
  expect(read()).toHaveLength(2);
  writeFileSync(`${path}.lock`, '');
  // Taken anew again and again, as it were: it never looks left behind.
  const later = new Date(Date.now() + 60_000);
  utimesSync(`${path}.lock`, later, later);
  await expect(rotateSecrets(path, 3600, now)).rejects.toMatchObject({
    code: 'turn_unavailable',
    message: expect.stringContaining(`${path}.lock`),
  });
  expect(existsSync(`${path}.lock`)).toBe(true);
});

test('what cannot be read or written is named, without its content', async () => {
  const fault = { code: 'turn_unavailable', message: expect.stringContaining(path) };
  await expect(readSecrets(path)).rejects.toMatchObject(fault);
  await expect(rotateSecrets(path, 3600, now)).rejects.toMatchObject(fault);
  expect(readdirSync(folder)).toEqual([]);
  const elsewhere = join(folder, 'nowhere/secrets');
  await expect(createSecrets(elsewhere, now)).rejects.toMatchObject({ code: 'turn_unavailable' });
  const text = formatSecrets([{ secret: 'ab'.repeat(32), mintFrom: 5, dies: undefined }]);
  writeFileSync(path, text.slice(0, -1));
  const damaged = { ...fault, message: expect.not.stringContaining('abab') };
  // One after the other: one that is refused while another is waited for would count as refused to nobody.
  const ways = [
    () => readSecrets(path),
    () => rotateSecrets(path, 3600, now),
    () => createSecrets(path, now),
  ];
  for (const work of ways) await expect(work()).rejects.toMatchObject(damaged);
  expect(readFileSync(path, 'utf8')).toBe(text.slice(0, -1));
  mkdirSync(join(folder, 'folder'));
  await expect(readSecrets(join(folder, 'folder'))).rejects.toMatchObject({ code: 'turn_unavailable' });
});
