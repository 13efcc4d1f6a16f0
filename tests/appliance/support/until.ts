import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Tries until it succeeds.
 * @param what for the error: what is waited for
 * @param attempt resolves to something else than undefined or false when it has come; its errors mean "not yet"
 * @throws Error after two minutes, with the last error as cause
 */
export async function until<T>(
  what: string,
  attempt: () => Promise<T | undefined | false>,
  patienceMs = 120_000,
): Promise<T> {
  const end = performance.now() + patienceMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await attempt();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`, { cause });
    await sleep(200);
  }
}
