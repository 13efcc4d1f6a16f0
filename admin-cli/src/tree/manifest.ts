/**
 * `oclif.manifest.json`: what the commands say of themselves, so that `--help` need not load them all. Bootstrap and the image's build
 * make it; it is a cache and no source. One that is older than any source is passed over, which costs a fraction of a second.
 */
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of relay-admin's package.json. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where the manifest lies, in {@link ROOT}. */
export const MANIFEST = 'oclif.manifest.json';

/**
 * Whether the manifest is there and no file or folder of the sources has changed since it was made.
 * @param root a folder with `package.json` and `src/`
 */
export function isManifestFresh(root: string): boolean {
  const made = modified(`${root}/${MANIFEST}`);
  if (made === undefined) return false;
  const sources = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' });
  return ['package.json', 'src', ...sources.map((name) => `src/${name}`)].every((name) => {
    const at = modified(`${root}/${name}`);
    return at !== undefined && at <= made;
  });
}

function modified(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
