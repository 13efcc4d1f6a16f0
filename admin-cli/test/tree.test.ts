import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { EXITS } from '../src/exits.ts';
import { completionScript } from '../src/render/completion.ts';
import { loadTree } from '../src/tree/load.ts';
import { isManifestFresh, MANIFEST } from '../src/tree/manifest.ts';
import { adminPage } from '../src/tree/page.ts';
import { typedCommands } from '../src/tree/words.ts';
import { temporaryDirectory } from './support/circle.ts';
import { relayAdmin } from './support/cli.ts';

const run = promisify(execFile);
const SOURCE = fileURLToPath(new URL('..', import.meta.url));

/** A copy of relay-admin without a manifest. */
async function copyOfCli(): Promise<string> {
  const folder = await temporaryDirectory();
  await symlink(join(SOURCE, '../node_modules'), join(folder, 'node_modules'));
  const root = join(folder, 'admin-cli');
  for (const name of ['package.json', 'bin', 'src']) {
    await cp(join(SOURCE, name), join(root, name), { recursive: true });
  }
  return root;
}

test('help is the same with a manifest and without; a stale one is passed over', {
  timeout: 120_000,
}, async () => {
  const root = await copyOfCli();
  const helps = async () => {
    const of = (...args: string[]) => run(process.execPath, [join(root, 'bin/relay-admin.js'), ...args]);
    const all = await Promise.all([of('--help'), of('turn', 'rotate', '--help'), of('turn', '--help')]);
    return all.map(({ stdout }) => stdout);
  };
  expect(isManifestFresh(root)).toBe(false);
  const without = await helps();
  await run(process.execPath, [join(root, 'src/tree/write-manifest.ts')]);
  expect(isManifestFresh(root)).toBe(true);
  expect(await helps()).toEqual(without);

  // It is the manifest that speaks while it is fresh, and the sources once they are newer.
  const path = join(root, MANIFEST);
  await writeFile(path, (await readFile(path, 'utf8')).replaceAll('Replace the secret', 'Mislay the secret'));
  expect((await helps()).join()).toContain('Mislay the secret');
  await utimes(join(root, 'src/commands/turn/rotate.ts'), new Date(), new Date(Date.now() + 60_000));
  expect(isManifestFresh(root)).toBe(false);
  expect(await helps()).toEqual(without);
});

test('docs/admin.md is what the commands say', async () => {
  const page = await readFile(join(SOURCE, '../docs/admin.md'), 'utf8');
  expect(page, 'run: npm run generate -w @relay/admin-cli').toBe(adminPage(await loadTree()));
});

test('each exit code means one thing, and help names them all', async () => {
  const codes = EXITS.map(([, code]) => code);
  expect(new Set(codes).size).toBe(codes.length);
  const { description = '' } = (await loadTree()).pjson.oclif;
  for (const code of codes) expect(description).toMatch(new RegExp(`[ ]${code} [a-z]`));
});

test.each([[['nonsense']], [['turn', 'nonsense']]])(
  'a command that is not there is told as JSON too: %s',
  async (args) => {
    const cwd = await temporaryDirectory();
    const json = await relayAdmin([...args, '--json'], { cwd });
    expect(json).toMatchObject({ code: 2, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'usage' } });
    expect(await relayAdmin(args, { cwd })).toMatchObject({ code: 2, stdout: '' });
  },
);

async function script(): Promise<string> {
  const { commands, bin } = await loadTree();
  return completionScript(bin, typedCommands(commands));
}

const PRESS_TAB =
  'set -u; eval "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _relay_admin; IFS=,; echo "$\u007bCOMPREPLY[*]-}"';

/** What bash offers after the words, the last of which is being typed. */
async function complete(...words: string[]): Promise<string[]> {
  const args = ['-c', PRESS_TAB, 'bash', await script(), 'relay-admin', ...words];
  const { stdout } = await run('bash', args, { cwd: SOURCE });
  return [...new Set(stdout.trim().split(',').filter(Boolean))].sort();
}

test('bash completes topics, commands, flags, the words that flags take, and files', async () => {
  expect(await complete('')).toContain('identities');
  expect(await complete('tu')).toEqual(['turn']);
  expect(await complete('turn', 'r')).toEqual(['rotate']);
  expect(await complete('turn', 'rotate', '--')).toEqual(['--help', '--json', '--secrets-file', '--ttl']);
  expect(await complete('turn', 'test', '--transport', '')).toEqual(['tcp', 'tls', 'udp']);
  expect(await complete('turn', 'test', '--transport', '=')).toEqual(['tcp', 'tls', 'udp']);
  expect(await complete('turn', 'test', '--transport', '=', 'u')).toEqual(['udp']);
  expect(await complete('identities', 'replace', '--no')).toEqual(['--no-passphrase']);
  expect(await complete('--')).toEqual(['--help', '--version']);
  expect(await complete('nonsense', '')).toEqual([]);
});

test('in a real bash, Tab completes files with spaces, and a command where a folder has its name', async () => {
  const folder = await temporaryDirectory();
  await mkdir(join(folder, 'turn'));
  await writeFile(join(folder, 'my roster.bin'), '');
  await writeFile(join(folder, 'script.sh'), await script());
  const typed = ['relay-admin roster publish my\t', 'relay-admin tur\t'].map(
    (line) => `${line}\u0001echo "[\u0005]"\n`,
  );
  const rc = 'source script.sh; bind "set enable-bracketed-paste off"\n';
  await writeFile(join(folder, 'rc'), rc);
  const child = execFile('bash', ['--noprofile', '--rcfile', 'rc', '-i'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, TERM: 'dumb' },
  });
  let shown = '';
  child.stdout?.on('data', (text: string) => {
    shown += text;
  });
  child.stdin?.end(`${typed.join('')}exit\n`);
  await once(child, 'close');
  expect(shown.trim().split('\n')).toEqual([
    '[relay-admin roster publish my\\ roster.bin ]',
    '[relay-admin turn ]',
  ]);
});

const ZSH = `
zmodload zsh/zpty
zpty shell zsh -f
zpty -w shell 'autoload -Uz compinit bashcompinit; compinit -u -D; bashcompinit; source script.sh'
for typed in 'relay-admin turn sch' 'relay-admin turn test --transport tc' 'relay-admin roster publish my'; do
  zpty -w -n shell "$typed"$'\\t\\C-aecho "[\\C-e]"\\n'
done
zpty -w shell exit
while zpty -r shell line; do print -r -- "$line"; done
`;

test('in a real zsh, Tab completes commands, the words that flags take, and files', async () => {
  const folder = await temporaryDirectory();
  await writeFile(join(folder, 'my-roster.bin'), '');
  await writeFile(join(folder, 'script.sh'), await script());
  const env = { PATH: process.env.PATH, HOME: folder, TERM: 'dumb' };
  const { stdout } = await run('zsh', ['-f', '-c', ZSH], { cwd: folder, env, timeout: 20_000 });
  expect(stdout.match(/^\[.*\]\r?$/gm)?.map((line) => line.trim())).toEqual([
    '[relay-admin turn schedule]',
    '[relay-admin turn test --transport tcp]',
    '[relay-admin roster publish my-roster.bin]',
  ]);
});

test('the script is printed, and is one that bash can read', async () => {
  const { code, stdout } = await relayAdmin(['completion'], { cwd: await temporaryDirectory() });
  expect(code).toBe(0);
  expect(stdout).toBe(await script());
  expect(stdout).toMatch(/\ncomplete .* relay-admin\n$/);
});
