/** What a relay process draws by chance, as it is put together. */
import { expect, test, vi } from 'vitest';
import type { BlobParts } from '../src/blobs/service.ts';
import { startRelay } from '../src/testing.ts';

const seen = vi.hoisted(() => ({ secrets: [] as Uint8Array[], uniform: [] as BlobParts['uniform'][] }));
vi.mock('../src/limits/limits.ts', async (original) => {
  const sound = await original<typeof import('../src/limits/limits.ts')>();
  const createLimits: typeof sound.createLimits = (settings, secret, now) => {
    seen.secrets.push(secret);
    return sound.createLimits(settings, secret, now);
  };
  return { ...sound, createLimits };
});
vi.mock('../src/blobs/service.ts', async (original) => {
  const sound = await original<typeof import('../src/blobs/service.ts')>();
  const createBlobService: typeof sound.createBlobService = (parts) => {
    seen.uniform.push(parts.uniform);
    return sound.createBlobService(parts);
  };
  return { ...sound, createBlobService };
});

test('each process names addresses by a secret of its own, and draws any hour of expiry', async () => {
  // Nothing listens there, and nothing is asked of it.
  const databaseUrl = 'postgres://nobody@127.0.0.1:9/none';
  for (let i = 0; i < 2; i++) await (await startRelay({ databaseUrl })).close();
  const [one, two] = seen.secrets as [Uint8Array, Uint8Array];
  for (const secret of [one, two]) {
    expect(secret).toHaveLength(32);
    expect(new Set(secret).size).toBeGreaterThan(8);
  }
  expect(one).not.toEqual(two);
  const drawn = new Set(Array.from({ length: 2_000 }, () => seen.uniform[0]?.(25)));
  expect([...drawn].toSorted((a, b) => Number(a) - Number(b))).toEqual(
    Array.from({ length: 25 }, (_, i) => i),
  );
});
