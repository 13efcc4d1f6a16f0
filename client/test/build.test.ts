import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InlineConfig, Plugin } from 'vite';
import { build } from 'vite';
import { afterEach, describe, expect, it } from 'vitest';
import { IDENTITY_FILE } from '../vite/secret-names.ts';
import { CLIENT, CONFIG_FILE, FALSE_IDENTITY, makeProject, SECRET } from './project.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function keep(folder: string): string {
  folders.push(folder);
  return folder;
}

async function buildInto(root: string, more: InlineConfig = {}): Promise<string> {
  const outDir = keep(mkdtempSync(join(tmpdir(), 'relay-build-')));
  await build({
    configFile: CONFIG_FILE,
    root,
    logLevel: 'silent',
    ...more,
    build: { outDir, emptyOutDir: true, ...more.build },
  });
  return outDir;
}

function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(files.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'latin1')]));
}

/** Puts a false identity where a member's own would be, unless there is one. */
function placeIdentity(): () => void {
  const file = join(CLIENT, IDENTITY_FILE);
  if (existsSync(file)) return () => {};
  writeFileSync(file, FALSE_IDENTITY, { flag: 'wx' });
  return () => rmSync(file);
}

describe('a build', () => {
  it('of the client holds no identity, and stands under its own policy', async () => {
    const remove = placeIdentity();
    const files = contents(await buildInto(CLIENT).finally(remove));
    for (const [name, content] of files) {
      expect(name).not.toMatch(/identity.*\.bin|circle\.key|README/);
      expect(content).not.toContain(SECRET);
      expect(content.startsWith('RELAYID1')).toBe(false);
    }
    const page = files.get('index.html') ?? '';
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<script'));
    expect(page).toMatch(/connect-src &#39;self&#39; http:\/\/localhost:4000 ws:\/\/localhost:4000;/);
    expect(page).toMatch(/img-src &#39;self&#39; blob:; media-src blob:; worker-src &#39;self&#39;;/);
    expect(page).not.toMatch(/unsafe|nonce|data:/);
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|<style|\son\w+=/);
    expect([...page.matchAll(/(?:src|href)="([^"]*)"/g)].filter(([, url]) => !url?.startsWith('/'))).toEqual(
      [],
    );
  }, 60_000);

  it('copies nothing from public/, even when told to', async () => {
    const files = contents(
      await buildInto(keep(makeProject()), { publicDir: 'public', build: { copyPublicDir: true } }),
    );
    expect([...files.keys()].filter((name) => /\.(bin|dat)$/.test(name))).toEqual([]);
  });

  it.each([
    [
      'an address of the identity',
      "import url from './public/identity/identity.bin?url'; document.title = url;",
    ],
    ['the identity as text', "import text from './identity-07.bin?raw'; document.title = text;"],
    ['the identity in its code', "import url from './identity-07.bin?inline'; document.title = url;"],
    ['a circle key', "import url from './deep/circle.key?url'; document.title = url;"],
    ['an age file', "import url from './deep/mine.age?url'; document.title = url;"],
    ['an identity by URL', "document.title = new URL('./identity-07.bin', import.meta.url).href;"],
    ['an identity under another name', "import url from './renamed.png?url'; document.title = url;"],
    ['the text of one under another name', "import text from './renamed.png?raw'; document.title = text;"],
    ['the code of one under another name', "import url from './renamed.png?inline'; document.title = url;"],
    ['a protected one under another name', "import text from './protected.dat?raw'; document.title = text;"],
  ])('fails that would hold %s', async (_name, main) => {
    const root = keep(
      makeProject({
        'main.js': main,
        'renamed.png': FALSE_IDENTITY,
        'protected.dat': 'age-encryption.org/v1\n-> scrypt bm9uc2Vuc2U 18\n',
      }),
    );
    await expect(buildInto(root)).rejects.toThrow(/identity or a key|name of a secret/);
  });

  it('fails when something else puts a key into its folder, and takes it out again', async () => {
    const root = keep(makeProject());
    const outDir = keep(mkdtempSync(join(tmpdir(), 'relay-build-')));
    const careless: Plugin = {
      name: 'careless',
      writeBundle: { order: 'pre', handler: () => writeFileSync(join(outDir, 'logo.png'), FALSE_IDENTITY) },
    };
    await expect(buildInto(root, { plugins: [careless], build: { outDir } })).rejects.toThrow(/logo\.png/);
    expect(existsSync(join(outDir, 'logo.png'))).toBe(false);
  });
});
