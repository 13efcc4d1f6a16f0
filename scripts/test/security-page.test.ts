import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/security.md', root), 'utf8');

interface Named {
  path: string;
  title: string;
}

/** The tests that a page names: `path` › `title`, and further titles of the same file with the path again. */
function namedTests(text: string): Named[] {
  return [...text.matchAll(/`([^`]+\.test\.tsx?)` › `([^`]+)`/g)].map(([, path = '', title = '']) => ({
    path,
    title,
  }));
}

/** Whether a test of that title is left out when its file is run. */
function isLeftOut(source: string, title: string): boolean {
  const joined = source.replaceAll(/\(\s+/g, '(');
  const calls = ['.skip(', '.todo('].flatMap((call) => ["'", '"', '`'].map((q) => `${call}${q}${title}${q}`));
  return calls.some((call) => joined.includes(call));
}

/** What is wrong with a reference; undefined when a test of that title stands in that file, and is run. */
function faultOf({ path, title }: Named): string | undefined {
  const file = new URL(path, root);
  if (!existsSync(file)) return `${path} is not there`;
  const source = readFileSync(file, 'utf8');
  if (isLeftOut(source, title)) return `${path} leaves "${title}" out`;
  const quoted = [`'${title}'`, `"${title}"`, `\`${title}\``];
  return quoted.some((text) => source.includes(text)) ? undefined : `${path} has no test "${title}"`;
}

describe('docs/security.md', () => {
  it('names tests that exist, by their files and titles', () => {
    const named = namedTests(page);
    expect(named.length).toBeGreaterThan(40);
    expect(named.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
  });

  it('names at least one test for every promise', () => {
    const rows = page.split('\n').filter((line) => /^\| (?!promise|---)/.test(line) && line.includes('›'));
    const withoutFigures = page.replaceAll(/<!-- (\w+): begin -->[\s\S]*?<!-- \1: end -->/g, '');
    const promises = withoutFigures.split('\n').filter((line) => /^\| (?!promise|---)/.test(line));
    expect(promises.length).toBeGreaterThan(20);
    expect(promises.filter((line) => !rows.includes(line))).toEqual([]);
  });

  it('would notice a file that is gone, and a title that was changed', () => {
    expect(faultOf({ path: 'tests/none.test.ts', title: 'x' })).toBe('tests/none.test.ts is not there');
    const path = 'scripts/test/security-page.test.ts';
    const title = ['no', 'such', 'title'].join(' ');
    expect(faultOf({ path, title })).toBe(`${path} has no test "${title}"`);
  });

  it('would notice a test that is left out', () => {
    const title = 'adds (one) to two';
    const lines = [
      "it.skip('TITLE', () => {",
      'test.todo("TITLE")',
      "it('TITLE', () => {",
      "it.skip('TITLE or more')",
    ];
    expect(lines.map((line) => isLeftOut(line.replace('TITLE', title), title))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('has a place for the figures of each run', () => {
    for (const part of ['soak', 'ordering', 'answers'])
      expect(page).toMatch(new RegExp(`<!-- ${part}: begin -->[^]+<!-- ${part}: end -->`));
  });
});
