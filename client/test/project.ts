import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The client's own folder and settings. */
export const CLIENT = join(import.meta.dirname, '..');
export const CONFIG_FILE = join(CLIENT, 'vite.config.ts');

/** Content that no answer and no build may hold. */
export const SECRET = 'thirty-two-bytes-of-a-false-seed';

/** An identity file as far as its beginning goes. */
export const FALSE_IDENTITY = Buffer.from(`RELAYID1\0\0\0\x20${SECRET}`, 'latin1');

/**
 * A small project in a temporary folder, with false secrets where a careless person may keep them.
 * @param files more files: content by path
 */
export function makeProject(files: Record<string, string | Uint8Array> = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'relay-client-')));
  const all = {
    'index.html': '<!doctype html><title>t</title><script type="module" src="/main.js"></script>',
    'main.js': 'document.title = "up";',
    'public/identity/identity.bin': FALSE_IDENTITY,
    'public/identity/other.dat': FALSE_IDENTITY,
    'identity-07.bin': FALSE_IDENTITY,
    'deep/circle.key': FALSE_IDENTITY,
    'deep/allowed-keys-seed.json': SECRET,
    'deep/mine.age': SECRET,
    '.env.local': SECRET,
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}
