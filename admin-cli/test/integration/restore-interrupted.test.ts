/** `restore` ended or refused at each of its operations on files; see also ../interrupted.test.ts. */
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BackupBench, SETTINGS } from '../support/backup-bench.ts';
import { temporaryDirectory } from '../support/circle.ts';
import { relayAdmin } from '../support/cli.ts';
import { faultAtEach } from '../support/interrupted.ts';
import { emptyRelay, sql } from '../support/relay-database.ts';

const LONG = { timeout: 900_000 };
const ONION = 'tor/relay/hs_ed25519_secret_key';
const RESTORE = [
  'restore',
  'a',
  '--identity',
  'key',
  '--secrets',
  'secrets',
  '--settings-to',
  'then.env',
  '--json',
];

/** A folder with a backup and what opens it, and runs that each begin from it and from an empty relay. */
async function sealed() {
  const bench = await BackupBench.open();
  await bench.make({ includeBlobs: true });
  const started = async () => {
    await emptyRelay(bench.to);
    const cwd = await temporaryDirectory();
    await cp(bench.file, join(cwd, 'a'));
    await writeFile(join(cwd, 'key'), bench.key.identity, { mode: 0o600 });
    await cp(join(bench.folder, 'secrets-to'), join(cwd, 'secrets'), { recursive: true });
    return { cwd, args: RESTORE, env: { DATABASE_URL: bench.to } };
  };
  const onion = await readFile(join(bench.folder, 'secrets-from', ONION));
  const left = async (cwd: string) => ({
    members: (await sql(bench.to, 'SELECT FROM member')).rowCount,
    blobs: (await sql(bench.to, 'SELECT FROM blob')).rowCount,
    turn: await readFile(join(cwd, 'secrets/turn/secrets'), 'utf8'),
    files: (await readdir(cwd, { recursive: true })).filter((name) => !/^(a|key)$/.test(name)).toSorted(),
  });
  const expectWhole = async (cwd: string, at: number) => {
    const found = await left(cwd);
    expect(found, `${at}`).toMatchObject({ members: 2, blobs: 2, turn: 'turn of then' });
    expect(found.files, `${at}`).toEqual([
      'secrets',
      'secrets/tor',
      'secrets/tor/relay',
      `secrets/${ONION}`,
      'secrets/turn',
      'secrets/turn/secrets',
      'then.env',
    ]);
    expect(await readFile(join(cwd, 'secrets', ONION))).toEqual(onion);
    expect(await readFile(join(cwd, 'then.env'), 'utf8')).toBe(SETTINGS);
  };
  return { started, left, expectWhole };
}

test('restore, killed after each thing it does to files, is ended by running it again', LONG, async () => {
  const { started, left, expectWhole } = await sealed();
  const outcomes = new Set<string>();
  const points = await faultAtEach('kill', started, async ({ cwd, args, env }, killed, at) => {
    expect(killed, `${at}`).toMatchObject({ code: null });
    const { members, turn } = await left(cwd);
    // Never rows whose secrets are missing; secrets without their rows are there between the two.
    expect([members, turn]).not.toEqual([2, 'turn of now']);
    outcomes.add(`${members} members, ${turn}`);
    const again = await relayAdmin(args, { cwd, env });
    expect(again.code, `${at}: ${again.stdout}`).toBe(0);
    expect(JSON.parse(again.stdout).again).toBe(members === 2);
    await expectWhole(cwd, at);
  });
  expect(points).toBeGreaterThan(15);
  expect([...outcomes]).toEqual([
    '0 members, turn of now',
    '0 members, turn of then',
    '2 members, turn of then',
  ]);
});

test('restore, ENOSPC at each point: told, and ended by running it again', LONG, async () => {
  const { started, left, expectWhole } = await sealed();
  const before = await left((await started()).cwd);
  await faultAtEach('ENOSPC', started, async ({ cwd, args, env }, failed, at) => {
    expect(failed.code, `${at}: ${failed.stdout}`).toBe(3);
    expect(JSON.parse(failed.stdout).error).toMatchObject({ code: 'disk_full' });
    const found = await left(cwd);
    // Only the settings are written when all else stands.
    if (found.members === 0) expect(found, `${at}`).toEqual(before);
    expect(await relayAdmin(args, { cwd, env }), `${at}`).toMatchObject({ code: 0 });
    await expectWhole(cwd, at);
  });
});
