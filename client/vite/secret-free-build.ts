import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Plugin } from 'vite';
import { holdsSecret, namesSecret } from './secret-names.ts';

function check(name: string, content: Uint8Array): string | undefined {
  if (namesSecret(name)) return `${basename(name)} has the name of a secret file.`;
  if (holdsSecret(content)) return `${basename(name)} holds an identity or a key.`;
  return undefined;
}

/**
 * Fails a build whose output has the name, the beginning or the inlined content of an identity, a circle key or an age
 * file. It looks twice: at the bundle before anything is written, and at the folder, where a copy may have come from elsewhere.
 */
export function secretFreeBuild(): Plugin {
  return {
    name: 'relay:secret-free-build',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const [name, output] of Object.entries(bundle)) {
          const source = output.type === 'chunk' ? output.code : output.source;
          const fault = check(name, typeof source === 'string' ? Buffer.from(source) : source);
          if (fault !== undefined) this.error(`The build is stopped: ${fault}`);
        }
      },
    },
    writeBundle: {
      order: 'post',
      async handler({ dir }) {
        if (dir === undefined) return;
        for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
          if (!entry.isFile()) continue;
          const path = join(entry.parentPath, entry.name);
          const fault = check(path.slice(dir.length + 1), await readFile(path));
          if (fault === undefined) continue;
          await rm(path);
          this.error(`The build is stopped: ${fault} It was removed from the output again.`);
        }
      },
    },
  };
}
