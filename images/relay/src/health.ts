// Usage: health.ts relay|worker. Exits with 0 when that process of this container works, else with 1 and says what is wrong.
// Reads its few variables itself: parsing the whole configuration every ten seconds would cost more than the check.
import { checkWorker } from './worker/health.ts';

const TIMEOUT_MS = 4_000;

async function checkRelay(): Promise<string | undefined> {
  const url = `http://127.0.0.1:${process.env.PORT || 4000}/readyz`;
  try {
    const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return ok ? undefined : `the relay is not ready (${status}): its database is away, or lacks a migration`;
  } catch {
    return 'the relay does not answer';
  }
}

async function check(part: string | undefined): Promise<string | undefined> {
  if (part === 'relay') return checkRelay();
  if (part !== 'worker') return 'say relay or worker';
  const file = process.env.WORKER_HEALTH_FILE;
  return file ? checkWorker(file, Date.now()) : 'WORKER_HEALTH_FILE is not set';
}

const fault = await check(process.argv[2]);
if (fault !== undefined) {
  process.stdout.write(`${fault}\n`);
  process.exitCode = 1;
}
