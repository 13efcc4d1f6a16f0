// The lint configuration states the direction of imports; these fixtures prove that it bites.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const IMPORTS = 'lint/style/noRestrictedImports';

/** Folder of the importing file, what it imports: all of these must be refused. */
const FORBIDDEN: [string, string][] = [
  ['protocol/src', '@relay/server'],
  ['protocol/src', '@relay/client'],
  ['protocol/src', '../../images/relay/src/session.ts'],
  ['protocol/src', '../../client/src/state/member.ts'],
  ['protocol/src', 'hpke'],
  ['protocol/src', '@panva/hpke-noble'],
  ['protocol/src', 'age-encryption'],
  ['protocol/src', '@noble/hashes/sha2.js'],
  ['protocol/src/wire', '../sealing.ts'],
  ['protocol/src/wire', '../roster.ts'],
  ['protocol/src/wire', 'hpke'],
  ['protocol/test', 'hpke'],
  ['images/relay/src', '@relay/protocol'],
  ['images/relay/src', '@relay/protocol/sealing'],
  ['images/relay/src', '../../../protocol/src/sealing.ts'],
  ['images/relay/src', '@relay/client'],
  ['images/relay/src', '@relay/admin-cli'],
  ['images/relay/src', 'hpke'],
  ['images/relay/src', '@noble/hashes/sha2.js'],
  ['admin-cli/src', 'age-encryption'],
  ['admin-cli/src', '@relay/client'],
  ['admin-cli/src', '../../images/relay/src/session.ts'],
  ['client/src', '@relay/server'],
  ['client/src', 'hpke'],
  ['client/src', '@noble/hashes/sha2.js'],
  ['client/src/ui', '../crypto/sealer.ts'],
  ['client/src/ui', '../transport/socket.ts'],
  ['client/src/ui', '../storage/outbox.ts'],
  ['client/src/ui/thread', '../../storage/outbox.ts'],
  ['client/src/ui', '@relay/protocol'],
  ['client/src/ui', '@relay/protocol/wire'],
  ['client/src/state', '../ui/thread.tsx'],
  ['client/src/crypto', '../state/member.ts'],
  ['client/src/crypto', '../ui/thread.tsx'],
  ['client/src/crypto', '../transport/socket.ts'],
  ['client/src/crypto', '../storage/outbox.ts'],
  ['client/src/transport', '../state/member.ts'],
  ['client/src/transport', '../ui/thread.tsx'],
  ['client/src/transport', '../crypto/sealer.ts'],
  ['client/src/transport', '../storage/outbox.ts'],
  ['client/src/storage', '../state/member.ts'],
  ['client/src/storage', '../ui/thread.tsx'],
  ['client/src/storage', '../crypto/sealer.ts'],
  ['client/src/storage', '../transport/socket.ts'],
  ['bench/src', 'hpke'],
  ['demo/src', 'age-encryption'],
];

const ALLOWED: [string, string][] = [
  ['protocol/src', './roster.ts'],
  ['protocol/src', './wire/index.ts'],
  ['protocol/src', 'zod'],
  ['protocol/src/wire', './session.ts'],
  ['images/relay/src', '@relay/protocol/wire'],
  ['images/relay/test', '@relay/protocol'],
  ['admin-cli/src', '@relay/protocol'],
  ['admin-cli/src', '@relay/server'],
  ['client/src', './ui/app.tsx'],
  ['client/src/ui', '../state/member.ts'],
  ['client/src/state', '../crypto/sealer.ts'],
  ['client/src/state', '../transport/socket.ts'],
  ['client/src/state', '../storage/outbox.ts'],
  ['client/src/crypto', '@relay/protocol'],
  ['client/src/transport', '@relay/protocol/wire'],
  ['client/src/storage', '@relay/protocol'],
];

/** Other rules: path, code, and the rule that must refuse it (undefined: none). */
const OTHERS: [string, string, string | undefined][] = [
  ['protocol/src/sealing.ts', "export { Hpke } from 'hpke';\n", undefined],
  ['protocol/src/hashing.ts', "export { sha256 } from '@noble/hashes/sha2.js';\n", undefined],
  ['protocol/src/dynamic.ts', "export const load = () => import('hpke');\n", IMPORTS],
  ['protocol/src/reexport.ts', "export * from '@relay/server';\n", IMPORTS],
  ['client/src/ui/type.ts', "export type { Outbox } from '../storage/outbox.ts';\n", IMPORTS],
  ['protocol/src/node.ts', "export { readFileSync } from 'node:fs';\n", 'lint/correctness/noNodejsModules'],
  ['client/src/cycle-a.ts', "export { b as a } from './cycle-b.ts';\n", 'lint/suspicious/noImportCycles'],
  ['client/src/cycle-b.ts', "export { a as b } from './cycle-a.ts';\n", 'lint/suspicious/noImportCycles'],
  [
    'client/src/unused.ts',
    "import { x } from './x.ts';\n\nexport const y = 1;\n",
    'lint/correctness/noUnusedImports',
  ],
  [
    'client/src/variable.ts',
    'export function f() {\n  const x = 1;\n}\n',
    'lint/correctness/noUnusedVariables',
  ],
  ['client/src/any.ts', 'export const x: any = 1;\n', 'lint/suspicious/noExplicitAny'],
  ['client/src/console.ts', "console.log('x');\n", 'lint/suspicious/noConsole'],
  ['demo/src/console.ts', "console.log('x');\n", undefined],
  ['admin-cli/src/render/table.ts', "console.log('x');\n", undefined],
  ['client/src/default.ts', 'export default 1;\n', 'lint/style/noDefaultExport'],
  ['admin-cli/src/commands/list.ts', 'export default 1;\n', undefined],
  ['client/vite.config.ts', 'export default {};\n', undefined],
  ['client/test/skip.test.ts', "it.skip('x', () => {});\n", 'lint/suspicious/noSkippedTests'],
  ['client/src/long.ts', `${'export {};\n'.repeat(301)}`, 'lint/style/noExcessiveLinesPerFile'],
  ['images/relay/src/floating.ts', 'async function f() {}\nf();\n', 'lint/nursery/noFloatingPromises'],
];

interface Diagnostic {
  category: string;
  severity: string;
  location: { path: string };
}

const fixture = (kind: string, folder: string, index: number) => `${folder}/${kind}-${index}.ts`;
const folder = mkdtempSync(join(tmpdir(), 'relay-lint-'));
let diagnostics: Diagnostic[];

function write(path: string, code: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), code);
}

const errorsIn = (path: string) =>
  diagnostics
    .filter(({ location, severity }) => location.path === path && severity === 'error')
    .map(({ category }) => category);

beforeAll(() => {
  cpSync('biome.json', join(folder, 'biome.json'));
  const imports = (from: string) => `import { x } from '${from}';\n\nexport const y = x;\n`;
  for (const [index, [where, from]] of FORBIDDEN.entries())
    write(fixture('forbidden', where, index), imports(from));
  for (const [index, [where, from]] of ALLOWED.entries())
    write(fixture('allowed', where, index), imports(from));
  for (const [path, code] of OTHERS) write(path, code);
  const biome = join(process.cwd(), 'node_modules/.bin/biome');
  const run = spawnSync(biome, ['lint', '--reporter=json', '--max-diagnostics=none'], {
    cwd: folder,
    encoding: 'utf8',
  });
  diagnostics = (JSON.parse(run.stdout) as { diagnostics: Diagnostic[] }).diagnostics;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('imports against the direction of dependencies', () => {
  it.each(FORBIDDEN.map((row, index) => [...row, index] as const))(
    '%s may not import %s',
    (where, _from, index) => {
      expect(errorsIn(fixture('forbidden', where, index))).toEqual([IMPORTS]);
    },
  );

  it.each(ALLOWED.map((row, index) => [...row, index] as const))(
    '%s may import %s',
    (where, _from, index) => {
      expect(errorsIn(fixture('allowed', where, index))).toEqual([]);
    },
  );
});

describe('other rules', () => {
  it.each(OTHERS)('%s', (path, _code, rule) => {
    if (rule === undefined) expect(errorsIn(path)).toEqual([]);
    else expect(errorsIn(path)).toContain(rule);
  });
});
