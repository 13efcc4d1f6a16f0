/** The system's own Chromium without a window, and what its pages take of the memory. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser, and the means to look at it from outside. */
export interface MeasuredBrowser {
  browser: Browser;
  /** Resident memory of all its renderers (pages with their workers), in bytes. */
  rendererBytes(): number;
  close(): Promise<void>;
}

/** Starts a browser. */
export async function startMeasuredBrowser(): Promise<MeasuredBrowser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const server = await chromium.launchServer({ executablePath, headless: true, args: FLAGS });
  const browser = await chromium.connect(server.wsEndpoint());
  const pid = server.process().pid ?? 0;
  return { browser, rendererBytes: () => renderersOf(pid), close: () => server.close() };
}

/** Resident bytes of the renderers among the descendants of a process. */
function renderersOf(root: number): number {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
  const family = new Set([root]);
  // Parents have come before their children almost always; a second look catches the rest.
  for (let look = 0; look < 2; look++)
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
  return processes
    .filter(({ pid, isRenderer }) => family.has(pid) && isRenderer)
    .reduce((sum, { resident }) => sum + resident, 0);
}

function readProcess(pid: number) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    const isRenderer = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer');
    return { pid, parent: field('PPid'), resident: field('VmRSS') * 1_024, isRenderer };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
