import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds; fails after half a minute with what it was. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 20) {
    if (await holds()) return;
    await sleep(20);
  }
  throw new Error(`it never happened that ${what}`);
}

/** Waits until a relay can serve. */
export function untilReady(url: string): Promise<void> {
  return until('the relay was ready', async () => (await fetch(`${url}/readyz`)).status === 204);
}
