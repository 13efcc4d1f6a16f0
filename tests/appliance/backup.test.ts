import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeStreamKeyPair } from '@relay/protocol';
import { afterAll, expect, inject, it } from 'vitest';
import { Appliance } from './support/appliance.ts';
import { identityOf, Member } from './support/circle.ts';

const appliance = new Appliance(inject('appliance'));
const circle = inject('circle');
const folder = mkdtempSync('/var/tmp/relay-backup-');
const file = join(folder, 'relay.backup');

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  // Whatever came of it, the next tests find a circle.
  await appliance.up();
  await appliance.admin(['identities', 'seed', '-'], circle.seed);
});

const member = async (number: number) => new Member(appliance.relayUrl, await identityOf(circle, number));
const secrets = () => appliance.exec('worker', 'cat', '/run/turn-secrets/secrets');

it('moves a circle, and what waits for it, to an empty appliance by one file', async () => {
  const { identity, recipient } = await makeStreamKeyPair(false);
  const key = join(folder, 'key.txt');
  writeFileSync(key, `${identity}\n`, { mode: 0o600 });
  const [one, two] = [await member(1), await member(2)];
  const sent = await one.send(two.identity.member.keyHash, 3);
  const turn = await secrets();
  const args = `--recipient ${recipient} --include-blobs`;
  const made = await appliance.make(['backup', `FILE=${file}`, `ARGS=${args}`]);
  expect(made).toMatchObject({ code: 0 });
  expect(made.stdout).toContain('3 members');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const bring = (more = '') => appliance.make(['restore', `FILE=${file}`, `IDENTITY=${key}`, `ARGS=${more}`]);
  // Somebody is in it still.
  expect((await bring()).stderr).toContain('Somebody is in this relay already');
  expect((await bring('--check')).stdout).toContain('The backup is whole');

  await appliance.wipe();
  await appliance.up();
  expect(await secrets()).not.toBe(turn);
  await expect((await member(2)).session()).rejects.toMatchObject({ code: 'unauthenticated' });
  const brought = await bring();
  expect(brought).toMatchObject({ code: 0 });
  await appliance.healthy();
  expect(await secrets()).toBe(turn);
  expect(existsSync(`${file}.env`)).toBe(false);
  const again = await member(2);
  const received = await again.receive();
  for (const [id, hash] of sent) expect(received.get(id)).toBe(hash);
  // The tokens of then are void; new ones buy tickets.
  await again.send(one.identity.member.keyHash, 1);
});
