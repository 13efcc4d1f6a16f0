/** A backup that is restored once more, or whose end was lost. */

import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { BackupBench, SETTINGS } from '../support/backup-bench.ts';
import { sql } from '../support/relay-database.ts';

let bench: BackupBench;

beforeEach(async () => {
  bench = await BackupBench.open();
  await bench.make({ includeBlobs: true });
});

test('restoring a backup again leaves secrets alone that were rotated since', async () => {
  expect(await bench.restore()).toMatchObject({ again: false });
  expect(await bench.turnNow()).toBe('turn of then');
  await bench.rotate('turn of later');
  expect(await bench.restore()).toMatchObject({ again: true, skipped: [] });
  expect(await bench.turnNow()).toBe('turn of later');
});

test('restoring again keeps the settings that the run before has written, and no others', async () => {
  const settingsTo = join(bench.folder, 'restored.env');
  await writeFile(settingsTo, 'ANOTHER=1\n');
  await expect(bench.restore({ settingsTo })).rejects.toMatchObject({ code: 'file_exists' });
  expect([await members(), await bench.turnNow()]).toEqual([0, 'turn of now']);
  await rm(settingsTo);
  const first = await bench.restore({ settingsTo });
  expect(await bench.restore({ settingsTo })).toEqual({ ...first, settings: settingsTo, again: true });
  expect(await readFile(settingsTo, 'utf8')).toBe(SETTINGS);
});

/**
 * A way to a database on which the answer to the first COMMIT is lost.
 * @param isDownThen whether nobody gets through after it
 * @returns its URL by this way
 */
async function losingCommit(databaseUrl: string, isDownThen: boolean): Promise<string> {
  const { hostname, port } = new URL(databaseUrl);
  let lost = false;
  const server = createServer((client) => {
    if (lost && isDownThen) return void client.destroy();
    const database = connect(Number(port), hostname);
    const both: [Socket, Socket] = [client, database];
    for (const one of both) one.on('error', () => {}).on('close', () => both.map((each) => each.destroy()));
    let ends = false;
    client.on('data', (bytes) => {
      ends ||= !lost && bytes.includes('COMMIT');
      database.write(bytes);
    });
    database.on('data', (bytes) => {
      lost ||= ends;
      if (ends) client.destroy();
      else client.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const way = new URL(databaseUrl);
  way.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return way.href;
}

const members = async () => (await sql(bench.to, 'SELECT FROM member')).rowCount;

test('a commit whose answer was lost is asked for, and its secrets stay', async () => {
  const databaseUrl = await losingCommit(bench.to, false);
  expect(await bench.restore({ databaseUrl })).toMatchObject({ again: false });
  expect([await members(), await bench.turnNow()]).toEqual([2, 'turn of then']);
});

test('where it cannot be asked for, running again settles it, which is said', async () => {
  const databaseUrl = await losingCommit(bench.to, true);
  await expect(bench.restore({ databaseUrl })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/run the command again/),
  });
  expect(await bench.restore()).toMatchObject({ again: true });
  expect([await members(), await bench.turnNow()]).toEqual([2, 'turn of then']);
});
