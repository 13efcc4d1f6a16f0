// Usage: node tests/crowd/main.ts [--voice 2,4,8] [--video 2,3,4] [--write]
// Has ever more members of a circle of twenty in one call, in one Chromium, and counts what arrives; `--write` makes docs/big-call.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { silenceExperimentalWarnings } from '@relay/demo/parts';
import { startPostgres } from '@relay/demo/postgres';
import { startCallBrowser } from '../support/browser.ts';
import { CallWindow } from '../support/call-window.ts';
import { makeGroup, openGroup } from '../support/groups.ts';
import { startStack } from '../support/stack.ts';
import type { CrowdFigures } from './crowd.ts';
import { callOf } from './crowd.ts';

silenceExperimentalWarnings();

const DOCUMENT = new URL('../../docs/big-call.md', import.meta.url);

function sizes(option: string, given: string): number[] {
  const wanted = given.split(',').map(Number);
  if (wanted.every((one) => Number.isInteger(one) && one >= 2 && one <= 20)) return wanted;
  throw new Error(`--${option} takes numbers from 2 to 20, such as 2,4,8, and not "${given}".`);
}

function row({
  kind,
  people,
  connected,
  pairs,
  seconds,
  packets,
  arrived,
  frames,
  busy,
}: CrowdFigures): string {
  const pictures = kind === 'video' ? frames.toFixed(1) : '';
  const percent = (part: number) => `${(100 * part).toFixed(0)} %`;
  return `| ${kind} | ${people} | ${connected} of ${pairs} | ${seconds.toFixed(0)} s | ${packets.toFixed(0)} | ${percent(arrived)} | ${pictures} | ${percent(busy)} |`;
}

function render(rows: readonly string[]): string {
  const day = new Date().toISOString().slice(0, 10);
  return `# Calls of many
\`make big-call\` makes this page; nobody types it. Members of a circle of twenty stand in one Chromium, ${most} windows with a profile of their own each, beside relay,
PostgreSQL and coturn on the same machine; ever more of them take part in one call, relayed by coturn. In life every member has a machine for itself, and does a
small part of what this one has to: what is measured here is how far one machine carries a whole call, and that everybody is connected with everybody.

- **connected** counts connections that stand, of those that there should be; beside it, the seconds from the first click until then, at most 120.
- **sound** is how many packets a page sends to each other one in a second (a browser that keeps up sends 50), and how many of them arrive.
- **pictures** is how many a page decodes of each other one in a second. Cameras give 5 of 320 × 240 here.
- **busy** is the part of the machine's processor that is at work: near 100 % it is the machine that ends the row.

| call | people | connected | after | sound, packets/s | sound arrived | pictures/s | busy |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}

${day}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} cores for everything.
`;
}

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { voice: text, video: text, write: { type: 'boolean' } } });
const plan = [
  ...sizes('voice', values.voice ?? '2,4,8,12,16,20').map((people) => ['voice', people] as const),
  ...sizes('video', values.video ?? '2,4,6,8').map((people) => ['video', people] as const),
];
const most = Math.max(...plan.map(([, people]) => people));

const dataDir = mkdtempSync('/var/tmp/relay-crowd-');
const postgres = await startPostgres({ dataDir });
const browser = await startCallBrowser();
const labels = Array.from({ length: 20 }, (_, i) => `Member ${i + 1}`);
const stack = await startStack(postgres.url, labels, { anybody: {} }, { turnTtlSeconds: 3_600 });
try {
  const windows: CallWindow[] = [];
  for (let number = 1; number <= most; number++)
    windows.push(await CallWindow.open(browser, stack.pages.anybody, {}, stack.identityPath(number)));
  const [first, ...others] = windows as [CallWindow, ...CallWindow[]];
  const group = await makeGroup(
    first.window,
    'All of us',
    others.map((_, i) => i + 2),
  );
  for (const { window } of others) {
    await window.byId(`group-${group}`).waitFor();
    await openGroup(window, group);
  }
  const rows: string[] = [];
  for (const [kind, people] of plan) {
    rows.push(row(await callOf(windows, people, kind)));
    console.log(rows.at(-1));
    // Row by row: the largest may be more than a machine bears.
    if (values.write) writeFileSync(DOCUMENT, render(rows));
  }
} finally {
  await browser.close();
  await stack.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
