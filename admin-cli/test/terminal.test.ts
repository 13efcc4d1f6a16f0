import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { existingPassphrase, newPassphrase } from '../src/files/passphrase.ts';
import { progress } from '../src/render/progress.ts';
import { topFrame } from '../src/render/status.ts';
import type { Terminal } from '../src/terminal/ask.ts';
import { requireYes } from '../src/terminal/ask.ts';
import { silenceExperimentalWarnings } from '../src/terminal/warnings.ts';
import { typingTerminal } from './support/terminal.ts';

test('a new passphrase is asked twice and never shown', async () => {
  const { terminal, shown } = typingTerminal('correct horse battery\n', 'correct horse battery\n');
  expect(await newPassphrase(undefined, terminal)).toBe('correct horse battery');
  expect(shown()).toBe('New passphrase: \nThe same again: \n');
});

test.each([
  ['two that differ', ['correct horse\n', 'correct house\n'], 'passphrase_unusable'],
  ['a short one', ['kurz\n'], 'passphrase_unusable'],
  ['none', ['\n'], 'passphrase_unusable'],
  ['Ctrl-C', ['abc\u0003'], 'not_confirmed'],
  ['Ctrl-D', ['\u0004'], 'not_confirmed'],
])('a new passphrase: %s', async (_, lines, code) => {
  const { terminal } = typingTerminal(...lines);
  await expect(newPassphrase(undefined, terminal)).rejects.toMatchObject({ code });
});

test('an existing passphrase is asked once and never shown', async () => {
  const { terminal, shown } = typingTerminal('short\n');
  expect(await existingPassphrase(undefined, terminal)).toBe('short');
  expect(shown()).toBe('Passphrase: \n');
});

test('with nobody to ask, a file stays locked', async () => {
  const terminal: Terminal = {
    input: new PassThrough() as unknown as NodeJS.ReadStream,
    output: new PassThrough(),
  };
  await expect(existingPassphrase(undefined, terminal)).rejects.toMatchObject({ code: 'identity_locked' });
});

test('only the word yes is consent', async () => {
  await requireYes('Go?', typingTerminal('yes\n').terminal);
  await requireYes('Go?', typingTerminal(' YES \n').terminal);
  for (const answer of ['y\n', '\n', 'no\n', 'yes please\n', '\u0004']) {
    const { terminal } = typingTerminal(answer);
    await expect(requireYes('Go?', terminal)).rejects.toMatchObject({ code: 'not_confirmed' });
  }
});

test('after Ctrl-C at a question, what is said next has a line of its own', async () => {
  const { terminal, shown } = typingTerminal('\u0003');
  await expect(requireYes('Go?', terminal)).rejects.toMatchObject({ code: 'not_confirmed' });
  expect(shown()).toMatch(/\n$/);
});

test('a question stays on the terminal while it is answered', async () => {
  const { terminal, shown } = typingTerminal('yes\n');
  await requireYes('All of it goes.\nSure?', terminal);
  // Readline clears from the cursor on; what is asked has to come after that.
  expect(shown().lastIndexOf('Sure? Type yes to go on: ')).toBeGreaterThan(shown().indexOf('\u001b[0J'));
  expect(shown()).toMatch(/^All of it goes\.\n/);

  const lines = typingTerminal('yes\n');
  await requireYes('All of it goes.\n', lines.terminal);
  expect(lines.shown()).toMatch(/^All of it goes\.\n/);
  expect(lines.shown()).not.toContain(' Type yes');
});

test('progress says nothing twice', () => {
  let text = '';
  const report = progress({ write: (more) => (text += more) }, { keys: 'Keys' });
  for (const done of [1, 2, 2]) report('keys', done, 2);
  expect(text).toBe('Keys 2/2\n');
});

test('progress counts on a terminal and is brief elsewhere', () => {
  for (const [isTTY, expected] of [
    [true, '\rKeys 1/2\rKeys 2/2\n'],
    [false, 'Keys 2/2\n'],
  ] as const) {
    let text = '';
    const report = progress({ isTTY, write: (more) => (text += more) }, { keys: 'Keys' });
    report('keys', 1, 2);
    report('keys', 2, 2);
    expect(text).toBe(expected);
  }
});

test('only notes on experimental features are silent', () => {
  const emitted: unknown[] = [];
  const source = { emitWarning: (...args: unknown[]) => void emitted.push(args[0]) };
  silenceExperimentalWarnings(source as Pick<NodeJS.Process, 'emitWarning'>);
  source.emitWarning('a', 'ExperimentalWarning');
  source.emitWarning('b', { type: 'ExperimentalWarning' });
  source.emitWarning(Object.assign(new Error('c'), { name: 'ExperimentalWarning' }));
  source.emitWarning('d', 'DeprecationWarning');
  source.emitWarning('e');
  source.emitWarning(new Error('f'));
  expect(emitted).toEqual(['d', 'e', new Error('f')]);
});

test('top writes each look over the one before, and clears what was there at the first alone', () => {
  const [first, second] = [topFrame('a\n', 1, 5), topFrame('a\n', 2, 5)];
  expect(first).toBe(`\u001b[2J${second}`);
  expect(second).toBe('\u001b[Ha\u001b[K\n\u001b[K\n  Every 5 seconds; Ctrl-C ends.\u001b[K\n\u001b[J');
});
