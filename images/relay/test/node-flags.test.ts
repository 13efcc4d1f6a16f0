import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NODE_FLAGS } from '../src/node-flags.ts';

const ROOT = new URL('../../../', import.meta.url);

test.each([
  ['images/relay/Dockerfile', /^CMD \["node", (.*), "images\/relay\/src\/main\.ts"\]$/m],
  ['docker-compose.yml', /command: \[node, (.*), images\/relay\/src\/main\.ts\]$/m],
  ['images/relay/package.json', /"start": "node --env-file-if-exists=\S+ (.*) src\/main\.ts"/],
])('%s runs the relay with its flags', (file, pattern) => {
  const [, flags = ''] = pattern.exec(readFileSync(new URL(file, ROOT), 'utf8')) ?? [];
  expect(flags.split(/[", ]+/).filter(Boolean)).toEqual(NODE_FLAGS);
});
