import { expect, test } from 'vitest';
import { pendingMigrations, readMigrations } from '../src/database/migrations.ts';

const known = ['0001_a', '0002_b'].map((name) => ({ name, sql: '', checksum: `sum of ${name}` }));

test('what is not applied is pending, in order', () => {
  expect(pendingMigrations(known, []).map(({ name }) => name)).toEqual(['0001_a', '0002_b']);
  expect(pendingMigrations(known, known.slice(0, 1)).map(({ name }) => name)).toEqual(['0002_b']);
});

test('a migration that was changed after it was applied is refused', () => {
  expect(() => pendingMigrations(known, [{ name: '0001_a', checksum: 'other' }])).toThrow(
    /0001_a was changed/,
  );
});

test('a database of a newer relay is refused', () => {
  expect(() => pendingMigrations(known, [{ name: '0003_c', checksum: 'x' }])).toThrow(/newer relay/);
});

test('the committed migrations are read with their checksums', async () => {
  const migrations = await readMigrations();
  expect(migrations[0]).toMatchObject({
    name: '0001_init',
    checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});
