import { expect, test } from 'vitest';
import { readVectorFiles } from './vectors/files.ts';
import { checkInteroperation } from './vectors/published.ts';
import type { VectorFile } from './vectors/run.ts';
import { runVectors } from './vectors/run.ts';

const files = readVectorFiles();

test('every vector holds in Node', async () => {
  const results = await runVectors(files);
  expect(results.filter(({ failure }) => failure !== undefined)).toEqual([]);
  expect(results.length).toBeGreaterThan(250);
}, 180_000);

test('every file has both a source and cases with names of their own', () => {
  for (const { source, cases } of Object.values(files)) {
    expect(source).toMatch(/SPEC\.md §|RFC|CAVS/);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    expect(cases.length).toBeGreaterThan(0);
  }
});

test('a vector that does not hold is reported, with what came instead', async () => {
  const wrong: VectorFile = {
    source: 'none',
    cases: [
      { name: 'value', operation: 'decodeCbor', input: { bytes: 'AA' }, expected: 1 },
      { name: 'no error', operation: 'decodeIds', input: { bytes: '' }, expected: [] },
      { name: 'other error', operation: 'decodeIds', input: { bytes: '' }, error: 'blob_size' },
      { name: 'not a code', operation: 'decodeIds', input: {}, error: 'bad_request' },
      { name: 'no operation', operation: 'none', input: {}, expected: null },
    ],
  };
  const results = await runVectors({ wrong });
  expect(results.every(({ failure }) => failure !== undefined)).toBe(true);
});

test('the platform’s own HPKE and the portable one open what the other seals', async () => {
  expect(await checkInteroperation()).toEqual({ native: true });
});
