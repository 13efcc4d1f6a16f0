/** A circle whose relay hands out credentials for calls, and pages in it that call each other. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestRelayOptions } from '@relay/server/testing';
import { createSecrets } from '@relay/server/turn';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { Callers } from './callers.ts';
import type { TestCircle } from './circle.ts';
import { startCircle } from './circle.ts';

/** See above. */
export interface Calling {
  readonly circle: TestCircle;
  readonly callers: Callers;
  /** Starts the relay again after it was stopped. The relay for calls is nowhere: media go another way here. */
  startRelay(options?: Partial<TestRelayOptions>): Promise<void>;
}

/** Sets a circle of `count` members up for the tests of a file, and closes its pages after each. */
export function calling(count: number): Calling {
  let circle: TestCircle;
  let folder: string;
  const callers = new Callers(() => circle);
  const startRelay: Calling['startRelay'] = (options = {}) =>
    circle.startRelay({ turnSecretsFile: join(folder, 'secrets'), turnHost: 'turn.example', ...options });
  beforeAll(async () => {
    circle = await startCircle(inject('postgresUrl'), count);
    folder = await mkdtemp(join(tmpdir(), 'relay-calls-'));
    await createSecrets(join(folder, 'secrets'));
    await circle.stopRelay();
    await startRelay();
  });
  afterEach(async () => {
    const { misuse } = callers;
    await callers.close();
    await startRelay();
    await circle.sql('DELETE FROM blob');
    expect(misuse).toEqual([]);
  });
  afterAll(async () => {
    await circle.close();
    await rm(folder, { recursive: true });
  });
  return {
    get circle() {
      return circle;
    },
    callers,
    startRelay,
  };
}
