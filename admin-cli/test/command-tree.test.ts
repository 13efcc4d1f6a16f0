import { fileURLToPath } from 'node:url';
import { Config, settings } from '@oclif/core';
import { expect, test } from 'vitest';
import { temporaryDirectory } from './support/circle.ts';
import { relayAdmin } from './support/cli.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

async function commands() {
  settings.enableAutoTranspile = false;
  return (await Config.load({ root: ROOT })).commands.toSorted((a, b) => a.id.localeCompare(b.id));
}

/** What a person can type; changed on purpose with `vitest -u`. */
test('the tree of commands', async () => {
  const tree = (await commands()).map(({ id, args, flags }) => ({
    id,
    args: Object.values(args).map(({ name, required = false }) => ({ name, required })),
    flags: Object.values(flags)
      .map(({ name, type, char }) => ({ name, type, ...(char === undefined ? {} : { char }) }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
  }));
  await expect(`${JSON.stringify(tree, null, 2)}\n`).toMatchFileSnapshot('golden/commands.json');
});

test('the help of every command, examples included', { timeout: 120_000 }, async () => {
  const cwd = await temporaryDirectory();
  const helps = await Promise.all(
    ['', ...(await commands()).map(({ id }) => id)].map(async (id) => {
      const { code, stdout } = await relayAdmin([...id.split(':'), '--help'].filter(Boolean), { cwd });
      expect(code).toBe(0);
      return stdout.replace(/^ {2}@relay.*$/m, '  (version)');
    }),
  );
  await expect(helps.join(`${'-'.repeat(80)}\n`)).toMatchFileSnapshot('golden/help.txt');
});

test('every command has a summary, a description and examples', async () => {
  for (const { id, summary, description, examples } of await commands()) {
    expect(summary, id).toBeTruthy();
    expect(description, id).toBeTruthy();
    expect(examples?.length, id).toBeGreaterThan(0);
  }
});
