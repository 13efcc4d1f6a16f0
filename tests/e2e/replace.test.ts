import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HeadlessMember } from '@relay/demo/parts';
import { fingerprintOf, loadIdentity, readIdentityFile } from '@relay/protocol';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { relayAdmin } from '../support/admin.ts';
import { blobsOf, sessionsOf } from '../support/mailbox.ts';
import type { Stack } from '../support/stack.ts';
import { startStack } from '../support/stack.ts';

const OLD_MESSAGE = 'before the loss';

let stack: Stack<never>;
let folder: string;

const admin = (...args: string[]) => relayAdmin(folder, { DATABASE_URL: stack.databaseUrl }, ...args);

beforeAll(async () => {
  folder = mkdtempSync('/var/tmp/relay-replace-');
  stack = await startStack(inject('postgresUrl'), ['Ada', 'Bruno', 'Chiara'], {});
});
afterAll(async () => {
  await stack?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a member is replaced while two others are online', { timeout: 240_000 }, async () => {
  const [ada, bruno, thief] = (await Promise.all([1, 2, 3].map((number) => stack.open(number)))) as [
    HeadlessMember,
    HeadlessMember,
    HeadlessMember,
  ];
  await ada.send('Chiara', OLD_MESSAGE);
  await thief.receive('Ada', OLD_MESSAGE);
  const stolen = stack.identity(3);
  const old = fingerprintOf((await loadIdentity(stolen)).member.keyHash);
  expect(await sessionsOf(stack, 3)).toBeGreaterThan(0);

  // The emergency: the key is out at once, sessions and socket with it.
  expect(await admin('identities', 'revoke', old.slice(0, 19), '--yes')).toMatchObject({
    fingerprint: old,
  });
  expect(await sessionsOf(stack, 3)).toBe(0);
  expect(await blobsOf(stack, 3)).toEqual([]);
  await thief.until(
    ({ connection }) => connection.status === 'refused' && connection.fault.code === 'unauthenticated',
  );
  await expect(HeadlessMember.open(stolen, stack.relayUrl)).rejects.toThrow(/does not know this identity/);

  // Offline: new file, allowlist, update and circle.key.
  const made = await admin('identities', 'replace', '3', '--circle-key', stack.circleKeyPath, '--yes');
  expect(made).toMatchObject({ outcome: 'made', number: 3, label: 'Chiara', revoke: old, serial: 2 });
  const file = readFileSync(join(made.directory, made.file));
  expect((await readIdentityFile(file)).secrets).toHaveLength(1);

  const path = (name: string) => join(made.directory, name);
  await admin('identities', 'seed', path(made.allowlist), '--prune', '--yes');
  await admin('roster', 'publish', path(made.rosterUpdate));
  for (const member of [ada, bruno]) {
    await member.actions.fetchRoster();
    await member.until(({ roster }) => roster.serial === 2);
    expect(member.state.connection.status).toBe('online');
    expect(member.state.notices).toEqual([]);
  }

  const chiara = await HeadlessMember.open(file, stack.relayUrl);
  for (const member of [ada, bruno]) {
    const { label } = member;
    const current = member.state.contacts.find(({ number }) => number === 3);
    const conversation = member.state.conversations.find(
      (one) => one.kind === 'direct' && one.peer.id === current?.id,
    );
    expect(await member.actions.sendText(conversation?.id ?? '', `${label} to the new key`)).toBeUndefined();
    await chiara.receive(label, `${label} to the new key`);
    await chiara.send(label, `an answer to ${label}`);
    await member.until(({ conversations }) =>
      (conversations.find(({ id }) => id === conversation?.id)?.items ?? []).some(
        (item) => item.type === 'message' && item.text === `an answer to ${label}`,
      ),
    );
  }
  await expect(HeadlessMember.open(stolen, stack.relayUrl)).rejects.toThrow(/does not know this identity/);
  expect(await blobsOf(stack, 3)).toEqual([]);
  await thief.actions.lock();
  await Promise.all([ada, bruno, chiara].map((member) => member.close()));
});
