import { cp, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  hex,
  loadIdentity,
  openCircleKey,
  openRosterUpdate,
  parseAllowlist,
  readCircleKey,
} from '@relay/protocol';
import { createSecrets, parseSecrets } from '@relay/server/turn';
import { expect, test } from 'vitest';
import { generateIdentities } from '../src/services/generate-identities.ts';
import { temporaryDirectory } from './support/circle.ts';
import { relayAdmin } from './support/cli.ts';
import { faultAtEach } from './support/interrupted.ts';

const LONG = { timeout: 900_000 };

async function newCircle(): Promise<string> {
  const folder = await temporaryDirectory();
  await generateIdentities({ directory: join(folder, 'identities'), labels: ['Ana', 'Bo', 'Cleo'] });
  return folder;
}

async function copyOf(folder: string, args: string[]) {
  const cwd = await temporaryDirectory();
  await cp(folder, cwd, { recursive: true });
  return { cwd, args };
}

/** The files of a folder and of those in it, hidden ones too. */
const filesIn = async (cwd: string) => (await readdir(cwd, { recursive: true })).toSorted();
const keyOf = async (path: string) => openCircleKey(await readCircleKey(await readFile(path)));

/** What must hold at every moment: nothing that was there before is lost, and a new roster has its files. */
async function expectNothingLost(cwd: string, before: string): Promise<void> {
  for (const number of [1, 2, 3]) {
    const path = `identities/identity-0${number}.bin`;
    expect(await readFile(join(cwd, path))).toEqual(await readFile(join(before, path)));
  }
  const { roster } = await keyOf(join(cwd, 'identities/circle.key'));
  if (roster.serial === 1) return;
  expect((await keyOf(join(cwd, 'new/circle.key'))).roster.hash).toEqual(roster.hash);
  const own = await loadIdentity(await readFile(join(cwd, 'new/identity-02.bin')));
  expect(own.roster.hash).toEqual(roster.hash);
  const keys = roster.members.map(({ keyHash }) => hex(keyHash));
  const list = parseAllowlist(await readFile(join(cwd, 'new/allowed-keys-seed.json'), 'utf8'));
  expect(list.keyHashes.map(hex)).toEqual(keys.toSorted());
  expect(keys[1]).toBe(hex(own.member.keyHash));
  const first = await loadIdentity(await readFile(join(cwd, 'identities/identity-01.bin')));
  const update = await openRosterUpdate(first, await readFile(join(cwd, 'new/roster-update.bin')));
  expect(update.roster.hash).toEqual(roster.hash);
}

async function expectReplaced(cwd: string, before: string): Promise<void> {
  await expectNothingLost(cwd, before);
  expect((await keyOf(join(cwd, 'identities/circle.key'))).roster.serial).toBe(2);
  const made = ['allowed-keys-seed.json', 'circle.key', 'identity-02.bin', 'roster-update.bin'];
  expect(await filesIn(cwd)).toEqual(
    [...(await filesIn(before)), 'new', ...made.map((name) => `new/${name}`)].toSorted(),
  );
}

const REPLACE = ['identities', 'replace', '2', '--out', 'new', '--yes', '--json'];

test('replace, killed after each thing it does to files, is finished by running it again', LONG, async () => {
  const before = await newCircle();
  const outcomes = new Set<string>();
  const points = await faultAtEach(
    'kill',
    () => copyOf(before, REPLACE),
    async ({ cwd }, killed, at) => {
      expect(killed, `${at}`).toMatchObject({ code: null });
      await expectNothingLost(cwd, before);
      const again = await relayAdmin(REPLACE, { cwd });
      expect(again.code, `${at}: ${again.stdout}`).toBe(0);
      outcomes.add(JSON.parse(again.stdout).outcome);
      await expectReplaced(cwd, before);
    },
  );
  expect(points).toBeGreaterThan(15);
  expect([...outcomes]).toEqual(['made', 'resumed', 'done']);
});

test.each(['ENOSPC', 'EACCES'] as const)(
  'replace, %s at each point: told, and finished by running it again',
  LONG,
  async (fault) => {
    const before = await newCircle();
    await faultAtEach(
      fault,
      () => copyOf(before, REPLACE),
      async ({ cwd }, failed, at) => {
        const { error } = JSON.parse(failed.stdout);
        expect(failed.code, `${at}: ${failed.stdout}`).toBe(3);
        const early = fault === 'ENOSPC' ? 'disk_full' : 'file_denied';
        expect([early, 'replacement_unfinished']).toContain(error.code);
        expect(error.message).toMatch(fault === 'ENOSPC' ? /Make room/ : /Check its owner and mode/);
        await expectNothingLost(cwd, before);
        expect((await filesIn(cwd)).filter((name) => name.includes('.partial-'))).toEqual([]);
        expect(await relayAdmin(REPLACE, { cwd }), `${at}`).toMatchObject({ code: 0 });
        await expectReplaced(cwd, before);
      },
    );
  },
);

const PHRASES = ['the first phrase', 'the second phrase'] as const;

async function withPhrases(): Promise<string> {
  const folder = await newCircle();
  await writeFile(join(folder, 'one'), `${PHRASES[0]}\n`, { mode: 0o600 });
  await writeFile(join(folder, 'two'), `${PHRASES[1]}\n`, { mode: 0o600 });
  return folder;
}

const FILE = 'identities/identity-01.bin';
const SET = ['identities', 'passphrase', FILE, '--new-passphrase-file', 'one', '--json'];
const CHANGE = [...SET.slice(0, 3), '--passphrase-file', 'one', '--new-passphrase-file', 'two', '--json'];
const REMOVE = [...SET.slice(0, 3), '--passphrase-file', 'one', '--remove', '--yes', '--json'];

const memberIn = async (cwd: string, passphrase?: string) =>
  (await loadIdentity(await readFile(join(cwd, FILE)), passphrase)).member.number;

test.each([
  ['set', SET, PHRASES[0]],
  ['removed', REMOVE, undefined],
])(
  'passphrase %s, killed at each point: one file or the other is there, and running it again ends well',
  LONG,
  async (outcome, args, to) => {
    const before = await withPhrases();
    if (outcome === 'removed') expect(await relayAdmin(SET, { cwd: before })).toMatchObject({ code: 0 });
    const [names, old] = [await filesIn(before), await readFile(join(before, FILE))];
    const outcomes = new Set<string>();
    await faultAtEach(
      'kill',
      () => copyOf(before, args),
      async ({ cwd }, killed, at) => {
        expect(killed, `${at}`).toMatchObject({ code: null });
        const isOld = (await readFile(join(cwd, FILE))).equals(old);
        const again = await relayAdmin(args, { cwd });
        expect(again.code, `${at}: ${again.stdout}`).toBe(0);
        const done = outcome === 'set' ? 'already' : 'unchanged';
        expect(JSON.parse(again.stdout).outcome).toBe(isOld ? outcome : done);
        outcomes.add(JSON.parse(again.stdout).outcome);
        expect(await memberIn(cwd, to)).toBe(1);
        expect(await filesIn(cwd)).toEqual(names);
      },
    );
    expect(outcomes.size).toBe(2);
  },
);

test('passphrase, no room at each point: told, and all is as it was', LONG, async () => {
  const before = await withPhrases();
  const [names, old] = [await filesIn(before), await readFile(join(before, FILE))];
  const points = await faultAtEach(
    'ENOSPC',
    () => copyOf(before, SET),
    async ({ cwd }, failed) => {
      expect(failed.code).toBe(3);
      expect(JSON.parse(failed.stdout).error).toMatchObject({ code: 'disk_full' });
      expect(await readFile(join(cwd, FILE))).toEqual(old);
      expect(await filesIn(cwd)).toEqual(names);
    },
  );
  expect(points).toBeGreaterThan(3);
});

test('passphrase changed: again, it is so already; with neither passphrase it is refused', LONG, async () => {
  const cwd = await withPhrases();
  const outcomeOf = async (args: string[]) => JSON.parse((await relayAdmin(args, { cwd })).stdout).outcome;
  expect([await outcomeOf(SET), await outcomeOf(CHANGE), await outcomeOf(CHANGE)]).toEqual([
    'set',
    'changed',
    'already',
  ]);
  expect(await memberIn(cwd, PHRASES[1])).toBe(1);
  expect(await relayAdmin(REMOVE, { cwd })).toMatchObject({ code: 3 });
});

async function withSecrets() {
  const cwd = await temporaryDirectory();
  await mkdir(join(cwd, 'turn'));
  const path = join(cwd, 'turn/secrets');
  await createSecrets(path);
  const [first] = parseSecrets(await readFile(path, 'utf8'));
  return { cwd, path, first, args: ['turn', 'rotate', '--json'], env: { TURN_SECRETS_FILE: path } };
}

/** The file is whole, none of its secrets is lost, and nothing lies beside it. */
async function expectRotated(path: string, first: string, more: readonly number[]): Promise<void> {
  const secrets = parseSecrets(await readFile(path, 'utf8'));
  expect(secrets[0].secret).toBe(first);
  expect(more).toContain(secrets.length);
}

test('rotate, killed at each point: the file is whole, and running it again rotates', LONG, async () => {
  const points = await faultAtEach('kill', withSecrets, async (began, killed, at) => {
    const { cwd, path, first, args, env } = began;
    expect(killed, `${at}`).toMatchObject({ code: null });
    await expectRotated(path, first.secret, [1, 2]);
    const was = parseSecrets(await readFile(path, 'utf8'));
    // So long ago was it killed that little is left to wait for.
    const then = new Date(Date.now() - 29_000);
    await utimes(`${path}.lock`, then, then).catch(() => {});
    const again = await relayAdmin(args, { cwd, env });
    expect(again.code, `${at}: ${again.stdout}`).toBe(0);
    const now = parseSecrets(await readFile(path, 'utf8'));
    expect(now).toHaveLength(was.length + 1);
    expect(now.slice(0, was.length).map(({ secret }) => secret)).toEqual(was.map(({ secret }) => secret));
    expect(await filesIn(join(cwd, 'turn'))).toEqual(['secrets', 'secrets.history']);
  });
  expect(points).toBeGreaterThan(6);
});

test('rotate, run again at once after it was killed, waits for the lock that was left', LONG, async () => {
  const { cwd, path, args, env } = await withSecrets();
  await writeFile(`${path}.lock`, '');
  const then = new Date(Date.now() - 15_000);
  await utimes(`${path}.lock`, then, then);
  expect(await relayAdmin(args, { cwd, env })).toMatchObject({ code: 0 });
  expect(parseSecrets(await readFile(path, 'utf8'))).toHaveLength(2);
});

test.each(['ENOSPC', 'EACCES'] as const)(
  'rotate, %s at each point: told, nothing left, and running it again rotates',
  LONG,
  async (fault) => {
    await faultAtEach(fault, withSecrets, async ({ cwd, path, first, args, env }, failed, at) => {
      expect(failed.code, `${at}: ${failed.stdout}`).toBe(3);
      const { error } = JSON.parse(failed.stdout);
      expect(error.code).toBe('turn_unavailable');
      expect(error.message).toMatch(fault === 'ENOSPC' ? /disk is full.*Make room/ : /owner/);
      await expectRotated(path, first.secret, [1, 2]);
      expect(await filesIn(join(cwd, 'turn'))).toEqual(['secrets', 'secrets.history']);
      expect(await relayAdmin(args, { cwd, env }), `${at}`).toMatchObject({ code: 0 });
      await expectRotated(path, first.secret, [2, 3]);
    });
  },
);
