/** The system's own Chromium without a window, and what its pages take of the memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { BarePage, DevTools } from './devtools.ts';

const FLAGS = [
  '--headless',
  '--remote-debugging-port=0',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A page in a browser of its own, whose profile is on disk and goes with it. */
export interface MeasuredPage {
  page: BarePage;
  /** Resident memory of all renderers of its browser (the page with its workers), in bytes. */
  rendererBytes(): number;
  close(): Promise<void>;
}

/**
 * Starts a browser with one page. Profiles that browsers keep in memory would keep what a page stores there too.
 * @param first runs in the page before anything else does
 * @param flags for the browser, beside the usual ones
 */
export async function openMeasuredPage(
  url: string,
  first: () => void,
  flags: readonly string[] = [],
): Promise<MeasuredPage> {
  const folder = mkdtempSync('/var/tmp/relay-bench-browser-');
  const program = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const child = spawn(program, [...FLAGS, ...flags, `--user-data-dir=${folder}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const tools = await DevTools.connect(await addressOf(createInterface(child.stderr)));
  return {
    page: await BarePage.open(tools, url, first),
    rendererBytes: () => renderersOf(child.pid ?? 0),
    async close() {
      tools.close();
      child.kill();
      await ended;
      // Its last processes still write for a moment.
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

/** What the browser prints of where it listens. */
async function addressOf(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('Chromium ended before it listened. Is it installed?');
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
