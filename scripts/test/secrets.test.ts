import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesBelow, findSecrets } from '../secrets.ts';

let root: string;

function write(path: string, content: string): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  return path;
}

function git(...args: string[]): void {
  expect(spawnSync('git', args, { cwd: root }).status).toBe(0);
}

function check() {
  return spawnSync(process.execPath, ['scripts/check-secrets.ts', root], { encoding: 'utf8' });
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'relay-secrets-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('findSecrets', () => {
  it.each([
    'identity.bin',
    'identity-07.bin',
    'deep/down/identity-20.bin',
    'circle.key',
    'x/allowed-keys-seed.json',
  ])('knows %s by its name', (path) => {
    expect(findSecrets(root, [write(path, 'x')])).toHaveLength(1);
  });

  it.each([
    'RELAYID1\0\0',
    'RELAYCK1',
    'age-encryption.org/v1\n-> X',
    '-----BEGIN AGE ENCRYPTED FILE-----\n',
  ])('knows %j by its beginning, under any name', (content) => {
    const [find] = findSecrets(root, [write('holiday.jpg', content)]);
    expect(find).toContain('holiday.jpg');
    expect(find).not.toContain(content.slice(0, 8));
  });

  it('passes other files, also those that speak of secrets', () => {
    const paths = [
      write('src/identity.ts', "const MAGIC = 'RELAYID1';"),
      write('docs/circle.key.md', 'about'),
      write('empty', ''),
      write('short', 'RELAY'),
    ];
    expect(findSecrets(root, [...paths, 'gone.ts'])).toEqual([]);
  });

  it('lists the files of a folder, and none of a missing one', () => {
    write('client/dist/assets/a.js', '');
    write('client/dist/index.html', '');
    expect(filesBelow(root, 'client/dist').sort()).toEqual([
      'client/dist/assets/a.js',
      'client/dist/index.html',
    ]);
    expect(filesBelow(root, 'client/nothing')).toEqual([]);
  });
});

describe('check-secrets', () => {
  it('fails for a tracked file that begins like an identity', () => {
    git('init', '-q');
    write('notes.txt', 'RELAYID1 and more');
    git('add', 'notes.txt');
    const run = check();
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('notes.txt');
  });

  it('fails for a file that git would add, and not for an ignored one', () => {
    git('init', '-q');
    write('circle.key', 'x');
    expect(check().status).toBe(1);
    write('.gitignore', 'circle.key\n');
    expect(check().status).toBe(0);
  });

  it('fails for a file in the built client though git ignores it', () => {
    git('init', '-q');
    write('.gitignore', 'dist/\n');
    write('client/dist/identity/identity.bin', 'x');
    expect(check().status).toBe(1);
  });

  it('passes a clean checkout', () => {
    git('init', '-q');
    write('README.md', 'hello');
    const run = check();
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
  });
});

describe('.gitignore', () => {
  const ignored = (path: string) =>
    spawnSync('git', ['check-ignore', '-q', path], { cwd: root }).status === 0;

  beforeEach(() => {
    git('init', '-q');
    cpSync('.gitignore', join(root, '.gitignore'));
  });

  it.each([
    'a/identity-03.bin',
    'client/public/identity/identity.bin',
    'circle.key',
    'x/allowed-keys-seed.json',
    '.env',
    'client/.env.local',
    '.tools/node',
    'client/dist/a.js',
    '.demo/x',
    'images/relay/src/generated/client.ts',
  ])('ignores %s', (path) => {
    expect(ignored(path)).toBe(true);
  });

  it.each(['.env.example', 'client/.env.local.example', 'package-lock.json'])('keeps %s', (path) => {
    expect(ignored(path)).toBe(false);
  });
});
