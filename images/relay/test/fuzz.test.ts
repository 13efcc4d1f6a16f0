/** Settings, TURN secrets and backups as a relay reads them, for as long as `make fuzz` says: taken, or refused as what they are. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FUZZ_TIMEOUT_MS, fuzz, memoryInUse } from '../../../protocol/test/support/fuzz.ts';
import { ArchiveFault, writeArchive } from '../src/backup/archive.ts';
import { checkArchive, RestoreRefused } from '../src/backup/restore.ts';
import { ConfigError, loadConfig, settings, unknownSettings } from '../src/config.ts';
import { isSchedule } from '../src/schedule.ts';
import { parseHistory } from '../src/turn/history-file.ts';
import { formatSecrets, parseSecrets, SecretsFormatError } from '../src/turn/secrets.ts';

const TIMEOUT = { timeout: FUZZ_TIMEOUT_MS };
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom('', '\0', '-1', '1e9', '999999999', '00000', '9'.repeat(100_000), '/dev/null', 'off'),
  fc.webUrl(),
);
const pieces = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 400 }), fc.uint8Array({ maxLength: 40 })), {
  minLength: 1,
  maxLength: 3,
});

/** Bytes with stretches of them replaced. */
function bent(bytes: Uint8Array, changes: [number, number, Uint8Array][]): Buffer {
  return changes.reduce((whole: Buffer, [place, length, by]) => {
    const at = place % (whole.length + 1);
    return Buffer.concat([whole.subarray(0, at), by, whole.subarray(at + length)]);
  }, Buffer.from(bytes));
}

/** Requires that nothing, or an error of one of these classes, comes of it. */
async function takenOrRefused(
  classes: readonly (abstract new (...args: never[]) => Error)[],
  run: () => unknown,
) {
  try {
    await run();
  } catch (error) {
    if (!classes.some((one) => error instanceof one)) throw error;
  }
}

test('the environment', TIMEOUT, async () => {
  const names = Object.values(settings).map(({ env }) => env);
  const environments = fc.dictionary(fc.oneof(fc.constantFrom(...names), text), text, { maxKeys: 12 });
  await fuzz('environment', environments, async (env) => {
    await takenOrRefused([ConfigError], () => loadConfig({ DATABASE_URL: 'postgres://x', ...env }));
    expect(unknownSettings(env).every((name) => Object.hasOwn(env, name))).toBe(true);
  });
});

test('a schedule is judged before the library writes its ranges out', TIMEOUT, async () => {
  expect(isSchedule('17 4 * * 1')).toBe(true);
  expect(isSchedule('0 0 1-1000000000 * *')).toBe(false);
  expect(isSchedule(`${'1,'.repeat(200)}1 * * * *`)).toBe(false);
  await fuzz('schedule', text, (expression) => void isSchedule(expression));
});

test('files of TURN secrets and of their history', TIMEOUT, async () => {
  const proper = Buffer.from(
    formatSecrets([
      { secret: 'a'.repeat(64), mintFrom: 1_790_000_000, dies: 1_790_003_670 },
      { secret: 'b'.repeat(64), mintFrom: 1_790_000_010, dies: undefined },
    ]),
  );
  const files = fc.oneof(
    text,
    pieces.map((changes) => bent(proper, changes).toString('latin1')),
  );
  await fuzz('TURN secrets', files, async (file) => {
    await takenOrRefused([SecretsFormatError], () => {
      const read = parseSecrets(file);
      expect(parseSecrets(formatSecrets(read))).toEqual(read);
    });
    expect(Array.isArray(parseHistory(`relay-turn-history 1\n${file}`))).toBe(true);
  });
});

async function backup(manifest: object): Promise<Buffer> {
  const content = [Buffer.from(JSON.stringify(manifest))];
  const parts: Uint8Array[] = [];
  for await (const part of writeArchive([{ name: 'manifest', content }])) parts.push(part);
  return Buffer.concat(parts);
}

test('archives of backups', TIMEOUT, async () => {
  const manifest = {
    id: '0'.repeat(32),
    day: '2026-11-26',
    circleId: null,
    members: 0,
    blobs: 0,
    issuerEpoch: null,
    migrations: [],
    tables: [],
    files: [],
    settings: false,
  };
  const proper = await backup(manifest);
  const check = (bytes: Uint8Array) =>
    takenOrRefused([ArchiveFault, RestoreRefused], () => checkArchive(async () => streamOf(bytes)));
  await expect(checkArchive(async () => streamOf(proper))).resolves.toMatchObject({ manifest });
  const shapes = fc.oneof(
    fc.uint8Array({ maxLength: 2_000 }),
    pieces.map((changes) => bent(proper, changes)),
  );
  await fuzz('archive', shapes, check);
  // One whose hashes are right, with another description inside.
  const described = fc.dictionary(fc.constantFrom(...Object.keys(manifest), '__proto__', 'x'), fc.anything());
  await fuzz('manifest', described, async (changes) => check(await backup({ ...manifest, ...changes })));
});

async function* streamOf(...parts: Uint8Array[]) {
  yield* parts;
}

test('an archive that claims to be long costs no more than a piece of memory', TIMEOUT, async () => {
  const before = await memoryInUse();
  const head = Buffer.from('relay backup 1\n\0\x08manifest', 'latin1');
  const piece = Buffer.alloc(4 + (1 << 20));
  piece.writeUInt32BE(1 << 20);
  async function* endless() {
    yield head;
    for (let i = 0; i < 200; i++) yield piece;
  }
  await expect(checkArchive(async () => endless())).rejects.toThrow(ArchiveFault);
  expect((await memoryInUse()) - before).toBeLessThan(16 << 20);
});
