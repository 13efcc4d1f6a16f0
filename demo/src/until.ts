import { setTimeout as sleep } from 'node:timers/promises';
import { DemoError } from './errors.ts';
import type { Child } from './processes.ts';
import { endedError } from './processes.ts';

const PAUSE_MS = 50;

/**
 * Waits until a child is ready.
 *
 * @param check - resolves to whether it is; a rejection counts as no
 * @param milliseconds - when to give up
 * @throws DemoError `child_ended` when it ends before, `not_ready` when it takes too long
 */
export async function untilReady(
  child: Child,
  check: () => Promise<boolean>,
  milliseconds = 60_000,
): Promise<void> {
  const late = performance.now() + milliseconds;
  while (!(await check().catch(() => false))) {
    const ending = child.ending();
    if (ending !== undefined) throw endedError(child.name, ending, child.log);
    if (performance.now() > late) {
      throw new DemoError(
        'not_ready',
        `${child.name} was not ready after ${milliseconds / 1_000} s; see ${child.log}.`,
      );
    }
    await sleep(PAUSE_MS);
  }
}
