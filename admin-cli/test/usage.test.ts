import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryDirectory } from './support/circle.ts';
import { LAUNCHER, relayAdmin } from './support/cli.ts';

/** One line on standard error and nothing else; the same words with `--json`. */
test.each([
  [
    'nonsense',
    'There is no such command. What was typed is not repeated here, as it may be a secret. See: relay-admin --help',
  ],
  ['stauts', 'There is no command “stauts”. Is status meant? See: relay-admin --help'],
  ['ident', 'There is no command “ident”. Is identities meant? See: relay-admin --help'],
  ['turn tset', 'There is no command “turn tset”. Is turn test meant? See: relay-admin turn --help'],
  [
    'turn status extra',
    'What follows “turn status” is too much. What was typed is not repeated here, as it may be a secret. See: relay-admin turn status --help',
  ],
  [
    'config check a b',
    '1 word is too many. What was typed is not repeated here, as it may be a secret. See: relay-admin config check --help',
  ],
  ['backup', 'FILE is missing. Where the backup goes. See: relay-admin backup --help'],
  ['top --cuont 3', 'There is no flag --cuont. Is --count meant? See: relay-admin top --help'],
  [
    'top --count 0',
    /^--count: Expected an integer greater than or equal to \d+\. See: relay-admin top --help$/,
  ],
  ['identities print x', /^Missing required flag relay\. See: relay-admin identities print --help$/],
  ['identities passphrase x --remove --new-passphrase-file y', /^--remove.* See: .*passphrase --help$/],
])('what was typed wrongly is told in one line: %s', async (typed, message) => {
  const cwd = await temporaryDirectory();
  const words = typed.split(' ');
  const text = await relayAdmin(words, { cwd });
  expect(text).toMatchObject({ code: 2, stdout: '' });
  expect(text.stderr.replace(/^Error: (.*)\n$/, '$1')).toEqual(
    typeof message === 'string' ? message : expect.stringMatching(message),
  );
  const json = await relayAdmin([...words, '--json'], { cwd });
  expect(json).toMatchObject({ code: 2, stderr: '' });
  const { code, message: said } = JSON.parse(json.stdout).error;
  expect([code, `Error: ${said}\n`]).toEqual(['usage', text.stderr]);
});

test('help is shown, and no fault of it', async () => {
  const cwd = await temporaryDirectory();
  for (const args of [['--help'], ['top', '--help'], ['turn']]) {
    expect(await relayAdmin(args, { cwd })).toMatchObject({ code: 0, stderr: '' });
  }
});

test('at a terminal, a fault clears the progress that stands in its line', async () => {
  const cwd = await temporaryDirectory();
  const command = `'${process.execPath}' '${LAUNCHER}' identities inspect nowhere.bin`;
  const ended = promisify(execFile)('script', ['-qec', command, '/dev/null'], { cwd });
  await expect(ended).rejects.toMatchObject({
    code: 3,
    stdout: '\r\u001b[KError: There is no nowhere.bin.\r\n',
  });
});

test('top with --json is refused where it would never print anything', async () => {
  const { code, stdout } = await relayAdmin(['top', '--json'], { cwd: await temporaryDirectory() });
  expect(code).toBe(2);
  expect(JSON.parse(stdout).error).toMatchObject({
    code: 'usage',
    message: expect.stringMatching(/--count/),
  });
});
