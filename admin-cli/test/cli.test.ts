import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from './support/circle.ts';
import { relayAdmin, startCli } from './support/cli.ts';

test('generate, then inspect: results on stdout, progress on stderr', async () => {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, 'names.txt'), 'Ana\nBo\n');
  const made = await relayAdmin(['identities', 'generate', '--labels', 'names.txt', '--json'], { cwd });
  expect(made).toMatchObject({ code: 0, stderr: 'Making keys 2/2\nPreparing files 4/4\n' });
  const circle = JSON.parse(made.stdout);
  expect(circle).toMatchObject({
    directory: join(cwd, 'identities'),
    members: [{ label: 'Ana' }, { label: 'Bo' }],
  });

  const path = join('identities', 'identity-02.bin');
  const shown = await relayAdmin(['identities', 'inspect', path, '--json'], { cwd });
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(shown.stdout)).toMatchObject({
    number: 2,
    circle: circle.circle,
    fingerprint: circle.members[1].fingerprint,
  });
  const text = await relayAdmin(['identities', 'inspect', path], { cwd });
  expect(text.stdout).toContain(circle.members[1].fingerprint);
});

test('generate refuses to overwrite, and nothing is changed', async () => {
  const cwd = await temporaryDirectory();
  const generate = ['identities', 'generate', '--count', '2', '--out', 'circle'];
  expect(await relayAdmin(generate, { cwd })).toMatchObject({ code: 0 });
  const before = await readFile(join(cwd, 'circle', 'circle.key'));
  const again = await relayAdmin(generate, { cwd });
  expect(again).toMatchObject({ code: 4, stdout: '' });
  expect(again.stderr).toMatch(/^Error: There is something at .* already, and nothing is overwritten\./);
  const json = await relayAdmin([...generate, '--json'], { cwd });
  expect(json).toMatchObject({ code: 4, stderr: '' });
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'file_exists' } });
  expect(await readFile(join(cwd, 'circle', 'circle.key'))).toEqual(before);
  expect(await readdir(cwd)).toEqual(['circle']);
});

test('a passphrase from standard input, and from a file', { timeout: 120_000 }, async () => {
  const cwd = await temporaryDirectory();
  const generate = ['identities', 'generate', '--count', '2', '--passphrase'];
  expect(await relayAdmin(generate, { cwd, stdin: 'kurz\n' })).toMatchObject({ code: 2 });
  const made = await relayAdmin(generate, { cwd, stdin: 'correct horse battery\nmore\n' });
  expect(made.stdout).toContain('One passphrase opens each of the 2 identity files and circle.key.');

  await writeFile(join(cwd, 'right.txt'), 'correct horse battery');
  await writeFile(join(cwd, 'wrong.txt'), 'correct house battery');
  const inspect = ['identities', 'inspect', 'identities/identity-01.bin'];
  expect(await relayAdmin(inspect, { cwd })).toMatchObject({ code: 3, stdout: '' });
  expect(await relayAdmin([...inspect, '--passphrase-file', 'right.txt'], { cwd })).toMatchObject({
    code: 0,
  });
  const wrong = await relayAdmin([...inspect, '--passphrase-file', 'wrong.txt', '--json'], { cwd });
  expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { code: 'identity_passphrase' } });
  expect(wrong.code).toBe(3);
});

test('killed while it works, generate leaves no file, and running again succeeds', async () => {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, 'right.txt'), 'correct horse battery');
  const child = startCli(['identities', 'generate', '--passphrase-file', 'right.txt'], { cwd });
  await once(child.stderr, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await readdir(cwd)).toEqual(['right.txt']);
  expect(await relayAdmin(['identities', 'generate', '--count', '2'], { cwd })).toMatchObject({ code: 0 });
});

test.each([
  ['an unknown flag', ['identities', 'generate', '--cuont', '3'], 2, 'usage'],
  ['too many members', ['identities', 'generate', '--count', '33'], 2, 'usage'],
  ['no file', ['identities', 'inspect'], 2, 'usage'],
  ['a file that is not there', ['identities', 'inspect', 'nowhere.bin'], 3, 'file_missing'],
  ['a directory', ['identities', 'inspect', '.'], 3, 'file_unusable'],
  [
    'labels against a count',
    ['identities', 'generate', '--labels', 'names.txt', '--count', '3'],
    2,
    'labels_invalid',
  ],
  ['a foreign file', ['identities', 'inspect', 'names.txt'], 3, 'identity_foreign'],
  ['no database', ['identities', 'seed', 'names.txt'], 2, 'database_url'],
  ['a broken database URL', ['identities', 'list', '--database-url', 'db:secret@x'], 2, 'database_url'],
  [
    'a seed file that is none',
    ['identities', 'seed', 'names.txt', '--database-url', 'postgres://a@127.0.0.1:1/a'],
    3,
    'allowlist_invalid',
  ],
  [
    'no database there',
    ['identities', 'list', '--database-url', 'postgres://a:hidden@127.0.0.1:1/a'],
    5,
    'unavailable',
  ],
  ['pruning with nobody to ask', ['identities', 'seed', 'names.txt', '--prune'], 4, 'not_confirmed'],
  ['a roster update of another size', ['roster', 'publish', 'names.txt'], 3, 'roster_update_invalid'],
  ['no secrets file named', ['turn', 'rotate'], 2, 'turn_secrets'],
  [
    'a secrets file that is not there',
    ['turn', 'status', '--secrets-file', 'nowhere'],
    3,
    'turn_unavailable',
  ],
  ['a secrets file that is none', ['turn', 'rotate', '--secrets-file', 'names.txt'], 3, 'turn_unavailable'],
  ['a relay that is no address', ['doctor', '--relay', 'nonsense'], 2, 'relay_address'],
  ['a TURN test of nowhere', ['turn', 'test', '--secrets-file', 'names.txt'], 2, 'usage'],
  [
    'a TURN test over nothing known',
    ['turn', 'test', '--host', 'a.example', '--transport', 'sctp'],
    2,
    'usage',
  ],
  [
    'a certificate authority that is not there',
    ['turn', 'test', '--host', 'a.example', '--ca', 'nowhere.pem', '--secrets-file', 'names.txt'],
    3,
    'file_missing',
  ],
])('%s', async (_, args, exit, code) => {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, 'names.txt'), 'Ana\nBo\n');
  const [json, text] = await Promise.all([
    relayAdmin([...args, '--json'], { cwd }),
    relayAdmin(args, { cwd }),
  ]);
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code } });
  expect(json).toMatchObject({ code: exit, stderr: '' });
  expect(text).toMatchObject({ code: exit, stdout: '' });
  expect(text.stderr).toMatch(/\.\n|--help/);
  expect(text.stderr).not.toMatch(/ at .*:\d+|hidden/);
  expect(await readdir(cwd)).toEqual(['names.txt']);
});

test('what is piped in is never taken for a file name', async () => {
  const cwd = await temporaryDirectory();
  const result = await relayAdmin(['identities', 'inspect'], { cwd, stdin: 'my passphrase\n' });
  expect(result.code).toBe(2);
  expect(result.stdout + result.stderr).not.toContain('my passphrase');
});
