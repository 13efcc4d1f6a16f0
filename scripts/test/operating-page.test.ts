import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  CLAIMED,
  commandsByName,
  operatingCommands,
  operatingPage,
  shellBlocks,
} from '../../tests/appliance/operating-commands.ts';

describe('docs/operating.md', () => {
  it('tags each block of commands as run by a test or as needing the internet', () => {
    const tags = shellBlocks(operatingPage()).map(({ tag }) => tag);
    expect(tags.length).toBeGreaterThan(10);
    expect(tags.filter((tag) => !/^(internet|test=[a-z-]+)$/.test(tag))).toEqual([]);
  });

  it('has no fence without a language, in which commands could hide', () => {
    const opening =
      operatingPage()
        .match(/^[ \t]*```.*$/gm)
        ?.filter((_, index) => index % 2 === 0) ?? [];
    expect(opening.length).toBeGreaterThan(10);
    expect(opening.filter((fence) => !/^```(sh|ini)\b/.test(fence))).toEqual([]);
  });

  it('names just the blocks that tests claim', () => {
    expect([...operatingCommands.keys()].sort()).toEqual([...CLAIMED].sort());
  });

  it.each([...operatingCommands])('has commands in %s that sh can parse', (_, lines) => {
    expect(lines).not.toEqual([]);
    expect(spawnSync('/bin/sh', ['-n'], { input: lines.join('\n') }).status).toBe(0);
  });

  it('names targets of make that exist', () => {
    const makefile = readFileSync('Makefile', 'utf8');
    const targets = [...operatingPage().matchAll(/\bmake ([a-z]+)(?=[ `\n])/g)].map(([, name]) => name);
    const commands = [...operatingPage().matchAll(/^make ([a-z]+)/gm)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(5);
    expect([...commands, ...targets].filter((name) => !makefile.includes(`\n${name}: ##`))).toEqual([]);
  });
});

describe('shellBlocks', () => {
  it('finds blocks that are untagged, indented or of another shell', () => {
    const page =
      '```sh\na\n```\n  ```bash internet\n  b\n\n  c\n  ```\n```ini\nx=1\n```\n````sh test=d\n```\n````\n';
    expect(shellBlocks(page)).toEqual([
      { tag: '', lines: ['a'] },
      { tag: 'internet', lines: ['b', 'c'] },
      { tag: 'test=d', lines: ['```'] },
    ]);
  });
});

it('commandsByName refuses a name twice', () => {
  expect(() => commandsByName('```sh test=a\nx\n```\n```sh test=a\ny\n```\n')).toThrow(
    'two blocks are called a',
  );
});

it('every script that the Makefile names is there', () => {
  const scripts = readFileSync('Makefile', 'utf8').matchAll(/\$\(appliance\)\/([a-z]+\.sh)/g);
  const names = [...scripts].map(([, name]) => `scripts/appliance/${name}`);
  expect(names).toHaveLength(9);
  expect(names.filter((name) => !existsSync(name))).toEqual([]);
});
