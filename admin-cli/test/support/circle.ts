import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '@relay/protocol';
import { onTestFinished } from 'vitest';

/** "Random" bytes that are the same in every run: each call fills its bytes with the next number. */
export function countingRandom(start = 1): (n: number) => Bytes {
  let next = start;
  return (n) => new Uint8Array(n).fill(next++);
}

/** A directory that is removed when the test ends. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'relay-admin-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
