/** Reads the vectors from disk, for tests in Node and for those that hand them to a browser. */
import { readdirSync, readFileSync } from 'node:fs';
import type { VectorFile } from './run.ts';

/** All files of vectors by name, the published ones included. */
export function readVectorFiles(): { [name: string]: VectorFile } {
  const root = new URL('../../vectors/', import.meta.url);
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  const parse = (name: string) => JSON.parse(readFileSync(new URL(name, root), 'utf8')) as VectorFile;
  return Object.fromEntries(names.toSorted().map((name) => [name, parse(name)]));
}
