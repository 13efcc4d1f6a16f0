import { chmodSync, mkdirSync } from 'node:fs';
import { DemoError } from './errors.ts';
import { processIdentity } from './postgres/process.ts';
import type { RunRecord } from './run-record.ts';
import { readRun, removeRun, runningPid, writeRun } from './run-record.ts';
import type { Settings } from './settings.ts';
import { endLeftovers } from './stop.ts';
import type { Page } from './system.ts';
import { System } from './system.ts';

/** Tells a person, one line at a time. */
export type Say = (line: string) => void;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Lists pages one a line. */
export function listPages(pages: readonly Page[]): string {
  return pages.map(({ label, url }) => `  ${label.padEnd(20)} ${url}`).join('\n');
}

/**
 * Runs the demonstration until a signal or a fault ends it; by then all its processes are gone.
 *
 * @throws DemoError `already_running`; whatever made it fail
 */
export async function runDemo(settings: Settings, say: Say): Promise<void> {
  const { files } = settings;
  await claim(settings, say);
  const record: RunRecord = { main: processIdentity(process.pid) ?? '', pages: [], children: [] };
  writeRun(files.run, record);

  const end = Promise.withResolvers<DemoError | undefined>();
  const stop = () => end.resolve(undefined);
  for (const name of SIGNALS) process.on(name, stop);
  const system = new System(settings, {
    done: (step, outcome) => say(`${step.padEnd(11)} ${outcome}`),
    children: (children) => {
      record.children = children;
      writeRun(files.run, record);
    },
    lost: (error) => end.resolve(error),
  });
  try {
    const started = system.start().then((pages) => {
      record.pages = pages;
      writeRun(files.run, record);
      say(`\nREADY. Open both, side by side, and talk:\n${listPages(pages)}`);
      say('Ctrl-C or `make demo-stop` ends everything; `make demo-clean` forgets this circle.');
    });
    // What fails because everything is ending is no news.
    started.catch((error: unknown) => end.reject(error));
    const fault = await end.promise;
    if (fault !== undefined) throw fault;
    say('\nEnding.');
  } finally {
    await system.close();
    removeRun(files.run);
  }
  say('Everything has ended. `make demo` goes on with the same circle.');
}

/** Makes sure that no other demonstration runs, and that none has left anything running. */
async function claim({ files }: Settings, say: Say): Promise<void> {
  mkdirSync(files.state, { recursive: true });
  // PostgreSQL's own account must get through to its folder; the others are closed to it.
  chmodSync(files.state, 0o711);
  const earlier = readRun(files.run);
  if (earlier !== undefined && runningPid(earlier.main) !== undefined) {
    const { pages } = earlier;
    throw new DemoError(
      'already_running',
      pages.length > 0
        ? `The demonstration already runs:\n${listPages(pages)}\n\`make demo-stop\` ends it.`
        : 'The demonstration is already being started. `make demo-stop` ends it.',
    );
  }
  const left = await endLeftovers(files);
  if (left.length > 0) say(`leftovers   ended what a killed run had left: ${left.join(', ')}`);
}
