import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { requireNewDirectory, writeNewDirectory } from '../src/files/new-directory.ts';
import { stagingName } from '../src/files/staging.ts';
import { temporaryDirectory } from './support/circle.ts';

const FILES = [
  { name: 'identity-01.bin', bytes: Uint8Array.of(1) },
  { name: 'circle.key', bytes: Uint8Array.of(2, 3) },
];
const STOP_MIDWAY = fileURLToPath(new URL('support/stop-midway.ts', import.meta.url));

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

async function startAndStop(directory: string, signal: NodeJS.Signals): Promise<void> {
  const child = spawn(process.execPath, [STOP_MIDWAY, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill(signal);
  await once(child, 'exit');
}

test('only the owner can enter the directory and read the files', async () => {
  const directory = join(await temporaryDirectory(), 'deep', 'identities');
  const mask = process.umask(0);
  try {
    await writeNewDirectory(directory, FILES);
  } finally {
    process.umask(mask);
  }
  expect(await modeOf(directory)).toBe('700');
  expect(await modeOf(join(directory, '..'))).toBe('700');
  for (const { name, bytes } of FILES) {
    expect(await modeOf(join(directory, name))).toBe('600');
    expect([...(await readFile(join(directory, name)))]).toEqual([...bytes]);
  }
});

test('an empty directory is used, and closed to others', async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'out'), { mode: 0o755 });
  await writeNewDirectory(join(directory, 'out'), FILES);
  expect(await readdir(join(directory, 'out'))).toHaveLength(2);
  expect(await modeOf(join(directory, 'out'))).toBe('700');
});

test('a link to an empty directory stays a link', async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'real'));
  await symlink(join(directory, 'real'), join(directory, 'link'));
  const written = await writeNewDirectory(join(directory, 'link'), FILES);
  expect(written.directory).toBe(join(directory, 'real'));
  expect(await readdir(join(directory, 'real'))).toHaveLength(2);
});

test.each(['a file in it', 'a file in its place'])('with %s, nothing is changed', async (what) => {
  const directory = await temporaryDirectory();
  const out = join(directory, 'out');
  const inside = what === 'a file in it';
  if (inside) await mkdir(out);
  const present = inside ? join(out, 'notes.txt') : out;
  await writeFile(present, 'mine');
  await expect(writeNewDirectory(out, FILES)).rejects.toMatchObject({ code: 'file_exists' });
  await expect(requireNewDirectory(out)).rejects.toMatchObject({ code: 'file_exists' });
  expect(await readFile(present, 'utf8')).toBe('mine');
  expect(await readdir(directory)).toEqual(['out']);
  if (inside) expect(await readdir(out)).toEqual(['notes.txt']);
});

test('what appears at the place meanwhile is not overwritten', async () => {
  const directory = await temporaryDirectory();
  const out = join(directory, 'out');
  async function* files() {
    yield* FILES;
    await mkdir(out);
    await writeFile(join(out, 'notes.txt'), 'mine');
  }
  await expect(writeNewDirectory(out, files())).rejects.toMatchObject({ code: 'file_exists' });
  expect(await readdir(out)).toEqual(['notes.txt']);
  expect(await readdir(directory)).toEqual(['out']);
});

test('a failure while writing leaves nothing', async () => {
  const directory = await temporaryDirectory();
  async function* files() {
    yield* FILES;
    throw new Error('no more');
  }
  await expect(writeNewDirectory(join(directory, 'out'), files())).rejects.toThrow('no more');
  expect(await readdir(directory)).toEqual([]);
});

test('two files of one name are refused', async () => {
  const directory = await temporaryDirectory();
  await expect(writeNewDirectory(join(directory, 'out'), [...FILES, ...FILES])).rejects.toThrow('EEXIST');
  expect(await readdir(directory)).toEqual([]);
});

test('killed midway, nothing is at the place, and running again succeeds and clears up', async () => {
  const directory = await temporaryDirectory();
  const out = join(directory, 'out');
  await startAndStop(out, 'SIGKILL');
  const [left, ...more] = await readdir(directory);
  expect(left).toMatch(/^\.out\.partial-\d+$/);
  expect(more).toEqual([]);
  expect(await writeNewDirectory(out, FILES)).toEqual({ directory: out, leftovers: 1 });
  expect(await readdir(directory)).toEqual(['out']);
  expect(await readdir(out)).toHaveLength(2);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s midway leaves nothing at all', async (signal) => {
  const directory = await temporaryDirectory();
  await startAndStop(join(directory, 'out'), signal);
  expect(await readdir(directory)).toEqual([]);
});

test('what a run that still goes has written is left alone', async () => {
  const directory = await temporaryDirectory();
  const other = stagingName('out', process.ppid);
  await mkdir(join(directory, other));
  expect(await writeNewDirectory(join(directory, 'out'), FILES)).toMatchObject({ leftovers: 0 });
  expect((await readdir(directory)).toSorted()).toEqual([other, 'out'].toSorted());
});
