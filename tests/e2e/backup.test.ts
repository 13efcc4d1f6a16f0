import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, dropDatabase } from '@relay/demo/postgres';
import { makeStreamKeyPair } from '@relay/protocol';
import { migrate } from '@relay/server/migrate';
import type { Relay } from '@relay/server/testing';
import { startRelay } from '@relay/server/testing';
import { createSecrets } from '@relay/server/turn';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { relayAdmin } from '../support/admin.ts';
import { blobsOf } from '../support/mailbox.ts';
import type { Stack } from '../support/stack.ts';
import { startStack } from '../support/stack.ts';

const WAITING = ['while you were away', 'what is written at length '.repeat(400), 'and the last one'];

let stack: Stack<never>;
let folder: string;
let relay: Relay | undefined;
const emptyName = `restored_${process.pid}`;

beforeAll(async () => {
  folder = mkdtempSync('/var/tmp/relay-restore-');
  stack = await startStack(inject('postgresUrl'), ['Ada', 'Bruno', 'Chiara'], {});
});
afterAll(async () => {
  await relay?.close();
  await stack?.close();
  await dropDatabase(inject('postgresUrl'), emptyName);
  rmSync(folder, { recursive: true, force: true });
});

/** A folder with the TURN secrets of an appliance. */
async function secretsFolder(name: string): Promise<string> {
  mkdirSync(join(folder, name, 'turn'), { recursive: true });
  await createSecrets(join(folder, name, 'turn/secrets'));
  return join(folder, name);
}

test('a backup with blobs, brought into an empty relay: who was away reads what waited, and all go on', {
  timeout: 240_000,
}, async () => {
  const { identity, recipient } = await makeStreamKeyPair(false);
  writeFileSync(join(folder, 'key.txt'), `${identity}\n`, { mode: 0o600 });
  const [ada, chiara] = [await stack.open(1), await stack.open(3)];
  await chiara.send('Ada', 'read before');
  await ada.receive('Chiara', 'read before');
  for (const text of WAITING) await ada.send('Bruno', text);
  await chiara.send('Bruno', 'from me too');
  // Chiara's client ends: what it knew is at the relay alone.
  await chiara.close();
  await ada.until(({ conversations }) =>
    conversations
      .flatMap(({ items }) => items)
      .every((item) => item.type !== 'message' || !item.own || item.delivery === 'sent'),
  );
  const waiting = (await blobsOf(stack, 2)).toSorted();
  // What was written quickly shares a blob.
  expect(waiting.length).toBeGreaterThan(1);

  const then = { DATABASE_URL: stack.databaseUrl, RELAY_SECRETS: await secretsFolder('then') };
  const flags = ['--recipient', recipient, '--include-blobs'];
  const made = await relayAdmin(folder, then, 'backup', 'relay.backup', ...flags);
  expect(made).toMatchObject({ members: 3, files: ['turn/secrets'] });
  expect(made.blobs).toBeGreaterThanOrEqual(waiting.length);
  // Nothing of it is left but the file.
  await stack.stopRelay();

  const databaseUrl = await createDatabase(inject('postgresUrl'), emptyName);
  await migrate(databaseUrl);
  const now = { DATABASE_URL: databaseUrl, RELAY_SECRETS: await secretsFolder('now') };
  await relayAdmin(folder, now, 'restore', 'relay.backup', '--identity', 'key.txt');
  const [before, after] = ['then', 'now'].map((name) => readFileSync(join(folder, name, 'turn/secrets')));
  expect(after).toEqual(before);
  expect((await blobsOf({ databaseUrl, identity: stack.identity }, 2)).toSorted()).toEqual(waiting);
  relay = await startRelay({
    databaseUrl,
    port: Number(new URL(stack.relayUrl).port),
    publicUrls: [stack.relayUrl],
  });

  const bruno = await stack.open(2);
  for (const text of WAITING) await bruno.receive('Ada', text);
  await bruno.receive('Chiara', 'from me too');
  expect(bruno.texts('Ada')).toEqual(WAITING);
  expect(bruno.state.notices).toEqual([]);
  const back = await stack.open(3);
  expect(back.texts('Bruno')).toEqual(['*from me too']);
  expect(back.texts('Ada')).toEqual(['*read before']);

  // Ada's window stayed open; its session and its tokens are void.
  await bruno.send('Ada', 'good to be back');
  await ada.receive('Bruno', 'good to be back');
  await ada.send('Bruno', 'indeed');
  await bruno.receive('Ada', 'indeed');
  await back.send('Bruno', 'for me too');
  await bruno.receive('Chiara', 'for me too');
  for (const member of [ada, bruno, back]) expect(member.state.notices).toEqual([]);
  await Promise.all([ada, bruno, back].map((member) => member.close()));
});
