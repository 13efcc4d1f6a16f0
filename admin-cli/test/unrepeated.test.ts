import { makeStreamKeyPair } from '@relay/protocol';
import { expect, test } from 'vitest';
import { loadTree } from '../src/tree/load.ts';
import { temporaryDirectory } from './support/circle.ts';
import { relayAdmin } from './support/cli.ts';

/** It has what a pattern would take for its own. */
const SECRET = 'Correct (horse) $& b*ttery';

/** Runs relay-admin for people and for programs; both must refuse, and neither may repeat the secret or a word of it. */
async function refused(args: readonly string[], secret = SECRET): Promise<string> {
  const cwd = await temporaryDirectory();
  const [text, json] = await Promise.all([
    relayAdmin(args, { cwd }),
    relayAdmin([...args, '--json'], { cwd }),
  ]);
  expect(text, args.join(' ')).toMatchObject({ code: 2, stdout: '' });
  expect(json, args.join(' ')).toMatchObject({ code: 2, stderr: '' });
  for (const { stdout, stderr } of [text, json]) {
    for (const word of [secret, ...secret.split(' ')]) expect(stdout + stderr).not.toContain(word);
  }
  const { error } = JSON.parse(json.stdout);
  expect(text.stderr).toBe(`Error: ${error.message}\n`);
  return error.message;
}

test('every command: what is too much, and what it does not know, is counted and not repeated', {
  timeout: 300_000,
}, async () => {
  for (const { id, args, strict } of (await loadTree()).commands) {
    const names = Object.keys(args);
    const words = [...id.split(':'), ...names.map((name) => (name === 'number' ? '3' : 'x'))];
    const extra = await refused([...words, SECRET]);
    if (strict !== false) expect(extra).toMatch(/^1 word is too many\.|^What follows .* is too much\./);
    const unknown = /^There is no such flag\./;
    expect(await refused([...words, `--phrase=${SECRET}`])).toMatch(unknown);
  }
});

test.each([
  ['the name of a command', [SECRET], /^There is no such command\./],
  ['a command of a topic', ['turn', SECRET], /^There is no such command/],
  ['where a switch takes nothing', ['identities', 'generate', '--passphrase', SECRET], /^1 word is too many/],
  ['more than one', ['identities', 'generate', '--passphrase', SECRET, SECRET], /^2 words are too many/],
  ['letters of flags', ['turn', 'rotate', `-${SECRET}`], /There is no such flag\./],
  ['a number', ['identities', 'generate', '--count', SECRET], /^--count: Expected an integer\./],
  ['one of a few words', ['turn', 'test', '--transport', SECRET], /^--transport takes one of: udp, tcp, tls/],
  [
    'beside what excludes it',
    ['backup', 'x', '--recipient', 'age1', '--passphrase-file', SECRET],
    /--passphrase-file cannot also be provided when using --recipient/,
  ],
])('a secret as %s', async (_where, args, words) => {
  expect(await refused(args)).toMatch(words);
});

test('a secret key in the place of a public one', async () => {
  const { identity, recipient } = await makeStreamKeyPair(false);
  const database = ['--database-url', 'postgres://a@127.0.0.1:1/a'];
  const told = await refused(['backup', 'x', '-r', recipient, '-r', identity, ...database], identity);
  expect(told).toMatch(/^Recipient 2 is no public key of age\./);
});
