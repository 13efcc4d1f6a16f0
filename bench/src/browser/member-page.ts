/** A member's client in a browser, served as members serve it, beside a bare page of the floor's server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Processes, pageUrl, startClient } from '@relay/demo/parts';
import { FLOOR_ROUTES } from '../floors/routes.ts';
import { openCallPage } from './call-page.ts';
import type { MeasuredPage } from './chromium.ts';
import { openMeasuredPage } from './chromium.ts';
import type { BarePage } from './devtools.ts';

/** What serves and shows the pages. */
export interface MemberPages {
  /** Opens the member's page in a new browser, and remembers its longest task; see {@link longestTask}. */
  open(): Promise<MeasuredPage>;
  /** As {@link open}, in a browser that can call; see {@link openCallPage}. */
  openForCalls(): Promise<MeasuredPage>;
  /** Opens a page of the floor's origin, on which nothing is but what a measurement brings. */
  openBare(floorUrl: string): Promise<MeasuredPage>;
  close(): Promise<void>;
}

/** Runs in the page before anything else does. */
function watchTasks(): void {
  const watched = globalThis as unknown as { longestTask: number };
  watched.longestTask = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      watched.longestTask = Math.max(watched.longestTask, duration);
  }).observe({ type: 'longtask', buffered: true });
}

/** The longest that the page's main thread was busy without a pause, in milliseconds; none under 50 is noticed. */
export function longestTask(page: BarePage): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as { longestTask: number }).longestTask, undefined);
}

/**
 * Serves a member's client.
 * @param identity the content of its identity file
 * @param port where, as the relay's `WEB_ORIGIN` says
 */
export async function serveMember(
  identity: Uint8Array,
  relayUrl: string,
  port: number,
): Promise<MemberPages> {
  const folder = mkdtempSync('/var/tmp/relay-bench-');
  const identityFile = join(folder, 'identity.bin');
  writeFileSync(identityFile, identity, { mode: 0o600 });
  const processes = new Processes(join(folder, 'logs'));
  const close = async () => {
    await processes.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const caches = join(folder, 'vite');
    const where = { name: 'bench', port, apiUrl: relayUrl, identityFile, caches };
    await startClient(processes, { ...where, sentLogMinutes: '30-30', still: true });
  } catch (error) {
    await close();
    throw error;
  }
  const openAt = (url: string) => openMeasuredPage(url, watchTasks);
  return {
    open: () => openAt(pageUrl(port)),
    openForCalls: () => openCallPage(pageUrl(port)),
    openBare: (url) => openAt(url + FLOOR_ROUTES.page),
    close,
  };
}
