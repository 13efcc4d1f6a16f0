import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MEASUREMENTS } from '../src/measurements/index.ts';

it('lists every file of measurements, under the file’s name', () => {
  const files = readdirSync(new URL('../src/measurements/', import.meta.url))
    .filter((file) => file !== 'index.ts')
    .map((file) => file.replace('.ts', ''));
  expect(MEASUREMENTS.map(({ name }) => name).toSorted()).toEqual(files.toSorted());
});
