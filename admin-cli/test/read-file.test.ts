import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readSmallFile, readSmallText } from '../src/files/read-file.ts';
import { temporaryDirectory } from './support/circle.ts';

async function fileOf(bytes: Uint8Array | string): Promise<string> {
  const path = join(await temporaryDirectory(), 'file');
  await writeFile(path, bytes);
  return path;
}

test('a file up to its limit', async () => {
  const path = await fileOf(new Uint8Array(70_000).fill(7));
  expect(await readSmallFile(path, 70_000)).toHaveLength(70_000);
  await expect(readSmallFile(path, 69_999)).rejects.toMatchObject({ code: 'file_unusable' });
});

test('standard input, in pieces', async () => {
  const stdin = Readable.from([Buffer.from('Gr'), Buffer.from('üße')]);
  expect(await readSmallText('-', 100, stdin)).toBe('Grüße');
});

test('a byte order mark is no text', async () => {
  expect(await readSmallText(await fileOf('\ufeffAna'), 100)).toBe('Ana');
});

test('another encoding is refused, so that no name is spoiled in silence', async () => {
  const path = await fileOf(Buffer.from('Jürgen', 'latin1'));
  await expect(readSmallText(path, 100)).rejects.toMatchObject({ code: 'file_unusable' });
});
