// Usage: node scripts/check-secrets.ts [FOLDER]
// Fails when a file that git tracks, or would add, or a file of the built client is an identity, a circle's key or an
// allowlist's seed. FOLDER is the checkout, the current folder when not given.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { filesBelow, findSecrets } from './secrets.ts';

const root = resolve(process.argv[2] ?? '.');

function committed(): string[] {
  const git = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (git.status === 0) return git.stdout.split('\0').filter((path) => path !== '');
  if (existsSync(join(root, '.git'))) throw new Error(`git cannot list the files: ${git.stderr.trim()}`);
  console.log('Not a git checkout: only the built client was searched for secrets.');
  return [];
}

const finds = findSecrets(root, [...committed(), ...filesBelow(root, 'client/dist')]);
for (const find of finds) console.error(find);
if (finds.length > 0) {
  console.error(
    'Secret files must not be committed or built in: remove them, and make new identities if they got out.',
  );
  process.exitCode = 1;
}
