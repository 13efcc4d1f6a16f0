import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { operatingCommands } from './operating-commands.ts';
import { Appliance } from './support/appliance.ts';
import type { Acknowledged } from './support/circle.ts';
import { identityOf, Member } from './support/circle.ts';
import { succeed } from './support/docker.ts';
import { ownAddress } from './support/turn.ts';

// The commands of docs/operating.md, in the order of an appliance's life, on the appliance of all tests.
const site = inject('appliance');
const circle = inject('circle');
const appliance = new Appliance({
  ...site,
  // The address that calls use is no matter of a test's machine; the disk of one need not hold 20 full mailboxes.
  env: { ...site.env, TURN_HOST: ownAddress(), MAILBOX_MAX_BLOBS: '256' },
});
const ran = new Set<string>();

/** Runs the commands of one block as a person would paste them; each must succeed. */
async function follow(name: string): Promise<string> {
  const lines = operatingCommands.get(name);
  if (lines === undefined) throw new Error(`docs/operating.md has no block test=${name}`);
  ran.add(name);
  // The name that the project has for people.
  const script = lines.join('\n').replaceAll('relay_', `${site.project}_`);
  const { folder, project } = site;
  const env = { COMPOSE_PROJECT_NAME: project, ...appliance.site.env };
  return succeed('sh', ['-euc', `exec 2>&1\n${script}`], { cwd: folder, env });
}

const member = async (number: number) => new Member(appliance.relayUrl, await identityOf(circle, number));
let sent: Acknowledged;

/** The blobs that were sent are there, and nothing else. */
async function expectSent(): Promise<void> {
  const found = await (await member(2)).receive();
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(sent));
}

beforeAll(() => writeFileSync(join(site.folder, 'allowed-keys-seed.json'), circle.seed));
afterAll(async () => {
  const plain = new Appliance(site);
  await plain.up('--remove-orphans');
  await plain.admin(['identities', 'seed', '-'], circle.seed);
});

it('up: checks, starts, and says what comes next', async () => {
  const said = await follow('up');
  expect(said).toContain('The relay is up. What comes next:');
  expect(said).toMatch(/^ok {7}Docker engine/m);
});

it('seed: lets the keys in', async () => {
  expect(await follow('seed')).toMatch(/3/);
  const [one, two] = [await member(1), await member(2)];
  await two.http.emptyMailbox(await two.session());
  sent = await one.send(two.identity.member.keyHash, 10);
  await expectSent();
});

it('turn-test: tests calls through the public address', async () => {
  await follow('turn-test');
});

it('look: says how it is', async () => {
  expect(await follow('look')).toContain('All is well.');
});

it('turn-rotate: changes the secret', async () => {
  await follow('turn-rotate');
});

it('doctor: finds no fault', async () => {
  expect(await follow('doctor')).toContain('No fault was found');
});

it('upgrade: loses nothing', async () => {
  expect(await follow('upgrade')).toContain('Upgraded:');
  await expectSent();
});

it('down: keeps the data', async () => {
  await follow('down');
  await follow('up');
  await expectSent();
});

it('move-dump and move-restore: take everything to an empty host', async () => {
  await follow('move-dump');
  expect(statSync(join(site.folder, 'relay.dump')).mode & 0o777).toBe(0o600);
  await new Appliance(site).wipe();
  await follow('move-restore');
  await expectSent();
  expect(existsSync(join(site.folder, 'relay.dump'))).toBe(false);
});

it('major-dump and major-restore: take everything to a new database', async () => {
  await follow('major-dump');
  await follow('major-restore');
  await expectSent();
});

it('remove: leaves nothing', async () => {
  await follow('remove');
  const label = `label=com.docker.compose.project=${site.project}`;
  expect(await succeed('docker', ['ps', '--all', '--quiet', '--filter', label])).toBe('');
  expect(await succeed('docker', ['volume', 'ls', '--quiet', '--filter', label])).toBe('');
});

it('every command of the guide was run', () => {
  expect([...operatingCommands.keys()].filter((name) => !ran.has(name))).toEqual([]);
  expect(readdirSync(site.folder)).not.toContain('relay.dump');
});
