/** Every command that does not wait for the network, with flags and files of any kind, for as long as `make fuzz` says: it ends as `exits.ts` has it, and never as a bug. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { generateCircle, makeStreamKeyPair, writeCircleKey, writeIdentityFile } from '@relay/protocol';
import { formatAllowlist, randomBytes } from '@relay/protocol/wire';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { FUZZ_IS_LONG, FUZZ_TIMEOUT_MS, fuzz, memoryInUse } from '../../protocol/test/support/fuzz.ts';
import { EXIT } from '../src/exits.ts';
import { loadTree } from '../src/tree/load.ts';

/** These ask the network, or go on until they are stopped; `turn test` has the fuzz of what a server answers. */
const ELSEWHERE = new Set(['turn:test', 'top', 'doctor']);
/** What is new each time fills caches; what stays of what is not is judged below. */
const ONE_EACH = { isBounded: false };
/** Calls that are made again and again: what is new to each of them is seen the first time. */
const REPEATED = 50;
/** Times that they are made before memory is looked at, and again after. */
const ROUNDS = FUZZ_IS_LONG ? 40 : 4;
/** Bytes; a file of those that are read here, kept by one command in forty, would be as much. The database's library keeps its last hundred faults, some 30 KB each. */
const GROWTH = 16 * 1024 * 1024;
/** Nothing listens there. */
const NO_DATABASE = 'postgres://relay:hunter2hunter2@127.0.0.1:1/relay';

const tree = await loadTree();
const commands = tree.commands.filter(({ id }) => !ELSEWHERE.has(id));
let folder: string;
let made = 0;
let shown = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-admin-fuzz-'));
  const circle = await generateCircle(['Ada', 'Bo']);
  const [identity] = circle.identities;
  if (identity === undefined) throw new TypeError('no identity');
  const file = await writeIdentityFile(identity);
  const secrets = `relay-turn-secrets 1\n${'a'.repeat(64)} 1790000000 -\n`;
  const { identity: key } = await makeStreamKeyPair(false);
  const list = formatAllowlist({ circleId: randomBytes(32), keyHashes: [randomBytes(32), randomBytes(32)] });
  const files: Record<string, Uint8Array | string> = {
    'identity.bin': file,
    'changed.bin': file.map((byte, at) => (at === 400 ? byte ^ 1 : byte)),
    'cut.bin': file.subarray(0, 900),
    'circle.key': await writeCircleKey(circle.circleKey),
    'allowed.json': list,
    secrets: secrets,
    'cut-secrets': secrets.slice(0, 60),
    'key.txt': `${key}\n`,
    passphrase: 'correct horse battery staple\n',
    '.env': 'RELAY_DOMAIN=relay.example\nMAILBOX_MAX_BLOBS=-1\n',
    update: new Uint8Array(131_072),
    noise: randomBytes(5_000),
    empty: '',
    long: new Uint8Array(3_000_000),
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), content, { mode: 0o600 });
  await mkdir(join(folder, 'directory'));
  const take = (...parts: unknown[]) => {
    shown += parts.join(' ');
    return true;
  };
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation(take);
  // The library writes through these.
  for (const way of ['log', 'error'] as const) vi.spyOn(console, way).mockImplementation(take);
  // Nobody is there to be asked.
  vi.spyOn(process, 'stdin', 'get').mockImplementation(() => Readable.from([]) as typeof process.stdin);
  vi.stubEnv('DATABASE_URL', NO_DATABASE);
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = 0;
  await rm(folder, { recursive: true, force: true });
});

const FILES = [
  'identity.bin',
  'changed.bin',
  'cut.bin',
  'circle.key',
  'allowed.json',
  'secrets',
  'cut-secrets',
  'key.txt',
  'passphrase',
  '.env',
  'update',
  'noise',
  'empty',
  'long',
  'directory',
  'nothing/there',
  'new',
];
const odd = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...FILES).map((name) => ({ file: name })) },
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1e999',
    'NaN',
    '99999999999999999999',
    '0x10',
    '--',
    'true',
    '__proto__',
  ),
  fc.constantFrom('a'.repeat(5_000), '\u202e', 'é\u0301', '../..', 'postgres://', 'postgres://['),
  fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !/[\0/]/.test(text) && text !== '-'),
);
/** A passphrase for new files costs seconds of scrypt for each, on purpose: none that would be taken is offered. */
const GOOD = ['passphrase', 'key.txt', 'secrets', 'cut-secrets', '.env'];
const unfit = odd.filter((value) => typeof value === 'string' || !GOOD.includes(value.file));
const isNewPassphrase = (id: string, name: string) =>
  name === 'new-passphrase-file' ||
  (name === 'passphrase-file' && /^identities:(generate|replace)$/.test(id));
type Odd = typeof odd extends fc.Arbitrary<infer T> ? T : never;

const calls = fc.constantFrom(...commands).chain(({ id, args, flags }) => {
  const valued = Object.values(flags).filter(({ type }) => type === 'option');
  const switches = Object.values(flags).filter(({ type, name }) => type === 'boolean' && name !== 'json');
  return fc.record({
    id: fc.constant(id),
    args: fc.array(odd, {
      minLength: Math.max(0, Object.keys(args).length - 1),
      maxLength: Object.keys(args).length + 1,
    }),
    valued: fc
      .subarray(valued.map(({ name }) => name))
      .chain((names) =>
        fc.tuple(
          ...names.map((name) => fc.tuple(fc.constant(name), isNewPassphrase(id, name) ? unfit : odd)),
        ),
      ),
    switches: fc.subarray(switches.map(({ name }) => `--${name}`)),
  });
});

type Call = typeof calls extends fc.Arbitrary<infer T> ? T : never;

/** A path of the folder, and for anything that may be written, one that is new. */
const textOf = (value: Odd): string =>
  typeof value === 'string' ? value : join(folder, value.file === 'new' ? `new-${made++}` : value.file);

/** Runs a command as a process would, and sees that it ends as `exits.ts` has it and gives nothing away. */
async function runOnce({ id, args, valued, switches }: Call): Promise<void> {
  process.exitCode = 0;
  const argv = [
    '--json',
    ...args.map(textOf),
    ...valued.flatMap(([name, value]) => [`--${name}`, textOf(value)]),
    ...switches,
  ];
  await tree.runCommand(id, argv);
  expect(
    [EXIT.done, EXIT.usage, EXIT.file, EXIT.refused, EXIT.database, EXIT.checks],
    argv.join(' '),
  ).toContain(process.exitCode);
  expect(shown).not.toContain('hunter2');
  shown = '';
  // What spies remember would count as growth.
  vi.clearAllMocks();
}

/** Works in a folder of its own. */
async function apart(work: () => Promise<void>): Promise<void> {
  const before = process.cwd();
  process.chdir(join(folder, 'directory'));
  try {
    await work();
  } finally {
    process.chdir(before);
  }
}

test('a command ends as it is said to, whatever it is given', { timeout: FUZZ_TIMEOUT_MS }, async () => {
  await apart(() => fuzz('commands', calls, runOnce, ONE_EACH));
  // What was refused has left nothing half written.
  const files = await readdir(folder, { recursive: true });
  expect(files.filter((name) => name.includes('.partial-'))).toEqual([]);
});

test('what was run again and again leaves nothing in memory', { timeout: FUZZ_TIMEOUT_MS }, async () => {
  const some = fc.sample(calls, REPEATED);
  const repeat = async () => {
    for (let round = 0; round < ROUNDS; round++) for (const call of some) await runOnce(call);
    return memoryInUse();
  };
  await apart(async () => {
    const before = await repeat();
    expect((await repeat()) - before).toBeLessThan(GROWTH);
  });
});
