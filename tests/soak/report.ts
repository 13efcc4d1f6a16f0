/** The table of a soak, and its place in docs/security.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Trend } from './gauges.ts';

const BEGIN = '<!-- soak: begin -->';
const END = '<!-- soak: end -->';
const HEADING = '## Figures';

const NAMES: Readonly<Record<Trend['gauge'], string>> = {
  relayMb: 'relay, resident MB',
  relayHandles: 'relay, file handles',
  workerMb: 'worker, resident MB',
  workerHandles: 'worker, file handles',
  coturnMb: 'coturn, resident MB',
  coturnHandles: 'coturn, file handles',
  connections: 'connections to the database',
  clientsMb: 'all clients, heap MB',
  clientsHandles: 'all clients, file handles',
};

/** A line that must be zero, or that only tells. */
export interface Line {
  name: string;
  value: number | string;
  /** Whether anything but zero is a failure. */
  mustBeZero?: boolean;
}

const figure = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(1));

/** Whether a line says that something failed. */
export function hasFailed(line: Line): boolean {
  return line.mustBeZero === true && line.value !== 0;
}

/** The table, as Markdown. */
export function formatReport(title: string, lines: readonly Line[], trends: readonly Trend[]): string {
  const counted = lines.map((line) => {
    const verdict = line.mustBeZero ? (hasFailed(line) ? 'FAILED' : 'ok') : '';
    return `| ${line.name} | ${line.value} | ${verdict} |`;
  });
  const grown = trends.map(
    ({ gauge, first, last, isFlat }) =>
      `| ${NAMES[gauge]} | ${figure(first)} → ${figure(last)} | ${isFlat ? 'ok' : 'FAILED'} |`,
  );
  const date = new Date().toISOString().slice(0, 10);
  return [
    title,
    '',
    '| soak | figure | |',
    '| --- | ---: | --- |',
    ...counted,
    ...grown,
    '',
    `Growth is that of the relay's last life: medians of its first and last third. ${date}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} cores for everything.`,
  ].join('\n');
}

/**
 * Puts the table into a document: in place of an earlier one, or else at the end of its section "Figures", which is made where there is none.
 * @param document text of the document
 */
export function placeReport(document: string, report: string): string {
  const block = `${BEGIN}\n\n${report}\n\n${END}`;
  const from = document.indexOf(BEGIN);
  const to = document.indexOf(END);
  if (from >= 0 && to > from) return document.slice(0, from) + block + document.slice(to + END.length);
  const heading = document.indexOf(`${HEADING}\n`);
  if (heading < 0) return `${document.trimEnd()}\n\n${HEADING}\n\n${block}\n`.trimStart();
  const next = document.indexOf('\n## ', heading + HEADING.length);
  const at = next < 0 ? document.length : next;
  return `${document.slice(0, at).trimEnd()}\n\n${block}\n${document.slice(at)}`;
}

/** Writes the table into the document at a path, which is made where there is none. */
export function writeReport(path: string, report: string): void {
  writeFileSync(path, placeReport(existsSync(path) ? readFileSync(path, 'utf8') : '# Security\n', report));
}
