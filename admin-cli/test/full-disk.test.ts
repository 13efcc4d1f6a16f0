/** Every command that writes files, on disks that are really full, read-only or somebody else's. For `backup` see integration/. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { b64, hex, loadIdentity, openCircleKey, readCircleKey } from '@relay/protocol';
import { createSecrets, parseSecrets } from '@relay/server/turn';
import { describe, expect, test } from 'vitest';
import { generateIdentities } from '../src/services/generate-identities.ts';
import type { CliResult } from './support/cli.ts';
import type { Content, Shortage } from './support/small-disk.ts';
import { SmallDisk } from './support/small-disk.ts';

const PHRASE = 'a phrase that nobody may see';
const IDENTITY = 'identities/identity-01.bin';

/** A command that writes files. Paths are relative to the disk's folder. */
interface Writer {
  args: string[];
  env?: Record<string, string>;
  /** The folders and files that it needs, where its own folder is not enough. */
  prepare(folder: string): Promise<void>;
  /** Its folder, in which it may not write when that is refused. */
  writesIn: string;
  /** Files that it must be able to read. */
  reads: readonly string[];
  /** What it says when there is no room, and when it is kept out. */
  codes: { full: string; denied: string };
  /** What must hold of the files when it has ended well. */
  ended(folder: string): Promise<void>;
}

const FILE_CODES = { full: 'disk_full', denied: 'file_denied' };

async function circleIn(folder: string): Promise<void> {
  await generateIdentities({ directory: join(folder, 'identities'), labels: ['Ana', 'Bo'] });
}

const serialOf = async (path: string) =>
  (await openCircleKey(await readCircleKey(await readFile(path)))).roster.serial;

const WRITERS: Record<string, Writer> = {
  generate: {
    args: ['identities', 'generate', '--count', '2'],
    prepare: async () => {},
    writesIn: '.',
    reads: [],
    codes: FILE_CODES,
    async ended(folder) {
      expect((await loadIdentity(await readFile(join(folder, IDENTITY)))).member.number).toBe(1);
      expect(await serialOf(join(folder, 'identities/circle.key'))).toBe(1);
    },
  },
  replace: {
    args: ['identities', 'replace', '2', '--out', 'new', '--yes'],
    prepare: circleIn,
    writesIn: '.',
    reads: ['identities/circle.key'],
    codes: FILE_CODES,
    async ended(folder) {
      expect(await serialOf(join(folder, 'identities/circle.key'))).toBe(2);
      expect(await serialOf(join(folder, 'new/circle.key'))).toBe(2);
      expect((await loadIdentity(await readFile(join(folder, 'new/identity-02.bin')))).member.number).toBe(2);
    },
  },
  passphrase: {
    args: ['identities', 'passphrase', IDENTITY, '--new-passphrase-file', 'phrase'],
    async prepare(folder) {
      await circleIn(folder);
      await writeFile(join(folder, 'phrase'), `${PHRASE}\n`, { mode: 0o600 });
    },
    writesIn: 'identities',
    reads: [IDENTITY, 'phrase'],
    codes: FILE_CODES,
    async ended(folder) {
      expect((await loadIdentity(await readFile(join(folder, IDENTITY)), PHRASE)).member.number).toBe(1);
    },
  },
  print: {
    args: ['identities', 'print', IDENTITY, '--relay', 'https://relay.example.org'],
    prepare: circleIn,
    writesIn: '.',
    reads: [IDENTITY],
    codes: FILE_CODES,
    async ended(folder) {
      expect(await readFile(join(folder, 'handover.html'), 'utf8')).toMatch(/<\/html>\s*$/);
    },
  },
  'config init': {
    args: ['config', 'init', '--domain', 'relay.example.org'],
    prepare: async () => {},
    writesIn: '.',
    reads: [],
    codes: FILE_CODES,
    async ended(folder) {
      expect(await readFile(join(folder, '.env'), 'utf8')).toMatch(/\nRELAY_DOMAIN=relay\.example\.org\n/);
    },
  },
  'config init over another': {
    args: ['config', 'init', '--domain', 'relay.example.org', '--yes'],
    prepare: (folder) => writeFile(join(folder, '.env'), 'RELAY_DOMAIN=old.example.org\n', { mode: 0o600 }),
    writesIn: '.',
    reads: ['.env'],
    codes: FILE_CODES,
    async ended(folder) {
      expect(await readFile(join(folder, '.env'), 'utf8')).toMatch(/\nRELAY_DOMAIN=relay\.example\.org\n/);
    },
  },
  rotate: {
    args: ['turn', 'rotate'],
    env: { TURN_SECRETS_FILE: 'turn/secrets' },
    async prepare(folder) {
      await mkdir(join(folder, 'turn'), { mode: 0o700 });
      await createSecrets(join(folder, 'turn/secrets'));
    },
    writesIn: 'turn',
    reads: ['turn/secrets'],
    codes: { full: 'turn_unavailable', denied: 'turn_unavailable' },
    async ended(folder) {
      expect(parseSecrets(await readFile(join(folder, 'turn/secrets'), 'utf8'))).toHaveLength(2);
    },
  },
};

/** Whatever on the disk is nobody's business, as it could be printed. */
async function secretsOn(folder: string): Promise<string[]> {
  const read = (path: string) => readFile(join(folder, path)).catch(() => undefined);
  const [key, turn, identity] = await Promise.all(
    ['identities/circle.key', 'turn/secrets', IDENTITY].map(read),
  );
  const raw = [
    ...(key === undefined ? [] : [(await readCircleKey(key)).seed]),
    ...(identity === undefined ? [] : [identity]),
  ];
  return [
    PHRASE,
    ...raw.flatMap((bytes) => [hex(bytes), b64(bytes), Buffer.from(bytes).toString('base64')]),
    ...(turn === undefined ? [] : parseSecrets(turn.toString()).map(({ secret }) => secret)),
  ];
}

/** A disk with what a command needs. */
async function disked({ prepare, args, env }: Writer) {
  const disk = await SmallDisk.mount();
  await prepare(disk.folder);
  const [before, secrets] = [await disk.content(), await secretsOn(disk.folder)];
  const run = async (shortage?: Shortage): Promise<CliResult> => {
    const result = await disk.run([...args, '--json'], shortage, env);
    for (const secret of secrets) expect(result.stdout + result.stderr).not.toContain(secret);
    return result;
  };
  return { disk, before, run };
}

/** Whether the new folder of a replacement is all that came to be: its last step is then taken by the next run. */
async function isUnfinished({ code }: { code: string }, disk: SmallDisk, before: Content): Promise<boolean> {
  if (code !== 'replacement_unfinished') return false;
  const after = await disk.content();
  const made = Object.keys(after).filter((name) => !(name in before));
  expect(
    made.every((name) =>
      /^new(\/(allowed-keys-seed\.json|circle\.key|identity-02\.bin|roster-update\.bin))?$/.test(name),
    ),
    `${made}`,
  ).toBe(true);
  expect(made).toHaveLength(5);
  expect(after).toMatchObject(before);
  return true;
}

/** A run that failed and says why, and left everything as it was. */
async function expectRefused(
  result: CliResult,
  disk: SmallDisk,
  before: Content,
  [code, words]: readonly [string, RegExp],
) {
  expect(result, result.stdout).toMatchObject({ code: 3, stderr: expect.not.stringContaining('Error') });
  const { error } = JSON.parse(result.stdout);
  expect(error.message).toMatch(words);
  expect(error.message).not.toContain('.partial-');
  if (await isUnfinished(error, disk, before)) return;
  expect(error.code).toBe(code);
  expect(await disk.content()).toEqual(before);
}

const LONG = { timeout: 120_000 };

describe.each(Object.entries(WRITERS))('%s', (_name, writer) => {
  test.each([
    ['room', (count: number) => ({ pages: count && 2 ** (count - 1) }), /disk is full.*Make room/],
    ['names', (count: number) => ({ names: count }), /disk is full.*Make room/],
    [
      'bytes in a file',
      (count: number) => ({ fileBytes: count && 128 * 4 ** count }),
      /a limit .* is reached.* Lift it/i,
    ],
  ])(
    'not enough %s: told, all is as it was, and it ends well where there is',
    LONG,
    async (_what, shortage, words) => {
      const { disk, before, run } = await disked(writer);
      let failures = 0;
      for (let count = 0; ; count++) {
        const result = await run(shortage(count));
        if (result.code === 0) break;
        failures++;
        await expectRefused(result, disk, before, [writer.codes.full, words]);
      }
      expect(failures).toBeGreaterThan(0);
      await writer.ended(disk.folder);
    },
  );

  test('a disk that may only be read', LONG, async () => {
    const { disk, before, run } = await disked(writer);
    await disk.allowWrites(false);
    await expectRefused(await run(), disk, before, [
      writer.codes.denied,
      /may only be read\. Mount it for writing/,
    ]);
    await disk.allowWrites(true);
    expect(await run()).toMatchObject({ code: 0 });
    await writer.ended(disk.folder);
  });

  test('a folder, or a file, of which it is kept out', LONG, async () => {
    const { disk, before, run } = await disked(writer);
    const locks = [0o500, 0o300, 0o600].map((mode) => [writer.writesIn, mode, 0o700] as const);
    const files = writer.reads.map((path) => [path, 0, path.startsWith('turn') ? 0o640 : 0o600] as const);
    for (const [path, mode, usual] of [...locks, ...files]) {
      const place = join(disk.folder, path);
      await chmod(place, mode);
      const result = await run({ rights: 'none' });
      await chmod(place, usual);
      await expectRefused(result, disk, before, [
        writer.codes.denied,
        /Check (its|the directory and its) owner/,
      ]);
    }
    expect(await run({ rights: 'none' })).toMatchObject({ code: 0 });
    await writer.ended(disk.folder);
  });
});
